import { isForDevelopment } from "../../src/analysis/for-development.ts";
import { layerOf, isProvenByLayers } from "../../src/analysis/layer-evidence.ts";
import { buildOf } from "../../src/analysis/packages/builds.ts";
import { installedBy, removalOf, removesPackages } from "../../src/analysis/packages/package-removal.ts";
import { defined } from "../../src/defined.ts";
import { formatList } from "../../src/format.ts";
import { isForBuilds, isHeaders, isToolchain, toolFiles } from "../../src/knowledge/build-packages.ts";
import { must } from "../../src/must.ts";
import {
  defineRule,
  formatBytes,
  type BytePath,
  type Command,
  type Finding,
  type LiveFile,
  type Step,
  type BuildSubject,
} from "../../src/rule/contract.ts";
import { severityOf } from "../../src/rule/findings/dead-file-words.ts";
import { groupRows } from "../../src/rule/findings/path-rows.ts";

export const buildToolsLeft = defineRule({
  id: "build-tools-left",
  aliases: [],
  category: "size",
  severity: "warning",
  reads: "build",
  docs: {
    summary: "Compilers that were installed for a build stay in the image",
    what: `From the Dockerfile: a package manager certainly installs a compiler (\`build-essential\`, \`build-base\`, \`gcc\`, \`clang\`, \`cargo\`, a JDK, …) in a stage that ends up in the image, the same RUN does not remove it, and the same RUN or a later one builds something with \`make\` or a compiler. Commands that may build something, such as \`pip install\` or \`npm ci\` with a source package, make it \`info\`. If nothing is built, or the names of the stage, the Dockerfile or its folders say that the image is for development or tests, the image is assumed to provide the compiler, and nothing is reported.

A later RUN that removes compilers, headers or other packages for builds is always reported: it is certain that this saves nothing.

With an image whose history matches, the bytes are those of the compilers, headers and static libraries that the RUN added and a container still sees. If there are none, nothing is reported.`,
    why: "A compiler with its headers takes several hundred megabytes, is not needed in production, and helps attackers. Removing it in a later RUN saves nothing.",
    bad: [
      {
        title: "The compiler is there for one Python package",
        dockerfile:
          "FROM python:3.13-slim\nRUN apt-get update && apt-get install -y build-essential libpq-dev && rm -rf /var/lib/apt/lists/*\nRUN pip install --no-cache-dir psycopg2\n",
        layers: [
          "usr/ usr/lib/ usr/lib/gcc/ usr/lib/gcc/cc1(30000000) usr/include/ usr/include/a.h(900000)",
          "usr/ usr/local/ usr/local/lib/ usr/local/lib/psycopg2.so(400000)",
        ],
      },
    ],
    good: [
      {
        title: "Built in a stage of its own",
        dockerfile:
          "FROM python:3.13 AS build\nRUN apt-get update && apt-get install -y build-essential\nRUN pip wheel --wheel-dir /wheels psycopg2\nFROM python:3.13-slim\nRUN --mount=type=bind,from=build,source=/wheels,target=/wheels pip install --no-cache-dir /wheels/*\n",
      },
      {
        title: "Removed in the RUN that installs it",
        dockerfile:
          "FROM alpine:3.20\nRUN apk add --no-cache --virtual .build build-base && make -C /src install && apk del .build\n",
      },
    ],
    fix: "None: layerlint cannot know which build results the image needs. The advice outlines a build stage.",
  },
  *check(subject) {
    const { dockerfile } = subject;
    const { steps } = dockerfile;
    const wanted = isForDevelopment(dockerfile);
    for (const [at, step] of steps.entries()) {
      const installed = toolsLeft(step);
      if (installed === undefined) continue;
      const purger = purgedLater(steps.slice(at + 1), installed);
      const isCompiler = installed.packages.some(isToolchain) && !wanted;
      const builder = isCompiler ? builderAmong(steps.slice(at), installed) : undefined;
      if (builder === undefined && purger === undefined) continue;
      const finding = toFinding(subject, step, { ...installed, builder, purger });
      if (finding !== undefined) yield finding;
    }
  },
});

interface Installed {
  readonly command: Command;
  /** Toolchains first. */
  readonly packages: readonly string[];
  /** Returns the command that removes packages at the end of this RUN. */
  readonly purge: (packages: readonly string[]) => string;
}

/** The compilers that a RUN installs and does not take away. */
function toolsLeft({ instruction, script, mounts }: Step): Installed | undefined {
  if (instruction.keyword !== "RUN" || script?.shell !== "posix" || !script.complete) return undefined;
  if (mounts.some(({ target, type }) => type !== "secret" && /^\/(?:usr)?$/.test(target ?? "")))
    return undefined;
  for (const [at, command] of script.commands.entries()) {
    const installed = command.certain ? installedBy(command) : undefined;
    if (installed === undefined || !installed.packages.some(isForBuilds)) continue;
    if (
      command.args.some(({ value }) =>
        /^(?:-s|--simulate|--dry-run|--download-only|-d|--root|--installroot)$/.test(value ?? ""),
      )
    )
      continue;
    const after = script.commands.slice(at + 1);
    // whatever is removed: which packages go with it, only the layers tell
    if (after.some((each) => removesPackages(each, installed.tool) || each.name === undefined)) continue;
    const tools = installed.packages.filter(isForBuilds);
    const named = [...tools.filter(isToolchain), ...tools.filter((name) => !isToolchain(name))];
    const purge = (each: readonly string[]) => removalOf(installed.tool, command, each);
    return { command, packages: named, purge };
  }
  return undefined;
}

interface Builder {
  readonly instruction: Step["instruction"];
  /** An installer, which only builds where a package comes as source. */
  readonly maybe: boolean;
}

/** The first RUN that builds for sure, else the first that may. */
function builderAmong(steps: readonly Step[], installed: Installed): Builder | undefined {
  let maybe: Builder | undefined;
  for (const step of steps) {
    const how = builds(step, installed);
    if (how === "certain") return { instruction: step.instruction, maybe: false };
    if (how === "maybe") maybe ??= { instruction: step.instruction, maybe: true };
  }
  return maybe;
}

/** A RUN that builds something; in the RUN that installs the tools, only after the installation. */
function builds({ script }: Step, { command: installing }: Installed): "certain" | "maybe" | undefined {
  let found: "maybe" | undefined;
  const commands = script?.commands ?? [];
  for (const command of commands) {
    if (commands.includes(installing) && command.start <= installing.start) continue;
    const how = buildOf(command);
    if (how === "certain") return how;
    if (how === "maybe") found = how;
  }
  return found;
}

function toFinding(
  subject: BuildSubject,
  { instruction, stage }: Step,
  {
    command,
    packages,
    purge,
    builder,
    purger: removing,
  }: Installed & { readonly builder: Builder | undefined; readonly purger: Purger | undefined },
): Finding | undefined {
  const layer = layerOf(subject, instruction);
  const files = layer === undefined ? undefined : toolsIn(subject, layer);
  if (files === undefined && isProvenByLayers(subject, instruction)) return undefined;
  if (files?.length === 0) return undefined;
  // what was removed is dead, and the layers say so elsewhere
  const purger = files === undefined ? removing : undefined;
  if (builder === undefined && purger === undefined) return undefined;
  const bytes = files?.reduce((sum, { entry }) => sum + entry.size, 0);
  const shown = packages.length > 3 ? [...packages.slice(0, 3), `${packages.length - 3} more`] : packages;
  const { line } = instruction;
  const isOne = packages.length === 1;
  const stay =
    purger === undefined
      ? `${isOne ? "it stays" : "they stay"} in the image`
      : `line ${purger.instruction.line} removes ${isOne ? "it" : "such packages"} too late: the bytes stay in the layer of line ${line}`;
  const uses = builder === undefined ? "" : `, ${usedBy(builder, instruction, isOne ? "it" : "them")},`;
  const until = builder?.instruction.endLine ?? line;
  const lines = line === until ? `line ${line}` : `lines ${line} to ${until}`;
  const rows =
    files === undefined
      ? {}
      : groupRows(files.map((file) => ({ path: pathOf(file), bytes: file.entry.size })));
  // that a removal in a later RUN saves nothing is certain, whatever was built
  const isUnsure = builder?.maybe === true && purger === undefined;
  return {
    message: `line ${line} installs ${formatList(shown)}${uses} and ${stay}${bytes === undefined ? "" : `: ${formatBytes(bytes)}`}`,
    advice: `Build in a separate stage and copy only the result: FROM ${stage.image} AS build, RUN … (${lines}), FROM ${stage.image}, COPY --from=build /result /result. Or install, build and remove in one RUN: … && ${purge(removable(packages, removing))}.`,
    ...(bytes === undefined
      ? isUnsure
        ? { severity: "info" as const }
        : {}
      : { bytes, ...severityOf(bytes) }),
    ...defined({ inodes: files?.map(({ layer: of, entry }) => ({ layer: of, entry })) }),
    evidence: files === undefined ? "dockerfile" : "both",
    locations: [
      { instruction, range: { start: command.start, end: command.end }, label: "installed here" },
      ...(builder === undefined || builder.instruction === instruction
        ? []
        : [{ instruction: builder.instruction, label: "needed here" }]),
      ...(purger === undefined ? [] : [{ instruction: purger.instruction, label: "removed here" }]),
      ...(layer === undefined ? [] : [{ layer }]),
    ],
    ...rows,
  };
}

/** Returns `line 5 may build with them`. */
function usedBy({ instruction, maybe }: Builder, installing: Step["instruction"], them: string): string {
  const what = `${maybe ? "may build" : "builds"} with ${them}`;
  return instruction === installing ? what : `line ${instruction.line} ${what}`;
}

interface Purger {
  readonly instruction: Step["instruction"];
  readonly command: Command;
}

/**
 * Returns the packages to remove: those that the later RUN removes, else all but headers, because with libpq-dev a
 * package manager also removes the library, which the program needs.
 */
function removable(packages: readonly string[], purger: Purger | undefined): readonly string[] {
  const words = new Set(purger?.command.args.map(({ value }) => value));
  const named = packages.filter((name) => words.has(name));
  if (named.length > 0) return named;
  const tools = packages.filter((name) => !isHeaders(name));
  return tools.length > 0 ? tools : packages;
}

/** A later RUN that certainly removes some of the tools, by their names or by that of a virtual package. */
function purgedLater(later: readonly Step[], { command: { args }, packages }: Installed): Purger | undefined {
  const names = new Set(packages);
  for (const [at, { value = "" }] of args.entries()) {
    const virtual = /^(?:-t|--virtual)(?:=(.*))?$/.exec(value);
    const name = virtual === null ? undefined : (virtual[1] ?? args[at + 1]?.value);
    if (name !== undefined) names.add(name);
  }
  const removes = (command: Command) =>
    command.certain && removesPackages(command) && command.args.some(({ value }) => names.has(value ?? ""));
  for (const { script, instruction } of later) {
    const command = script?.commands.find(removes);
    if (command !== undefined) return { instruction, command };
  }
  return undefined;
}

function toolsIn({ image }: BuildSubject, layer: number): LiveFile[] {
  return must(image, "the image").rootfs.live.filter(
    (file) => file.layer === layer && file.entry.size > 0 && toolFiles.test(pathOf(file)),
  );
}

function pathOf({ paths, entry }: LiveFile): BytePath {
  return paths[0] ?? entry.path;
}
