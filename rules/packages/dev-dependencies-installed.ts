import { isOpaque } from "../../src/analysis/steps/opaque.ts";
import { verbOf } from "../../src/analysis/steps/option-words.ts";
import { textValueOf } from "../../src/analysis/caches/tool-settings.ts";
import { isForDevelopment } from "../../src/analysis/for-development.ts";
import { layerOf, isProvenByLayers } from "../../src/analysis/layer-evidence.ts";
import { forDevelopment, isInstallRecord } from "../../src/analysis/packages/installed-for-development.ts";
import { hasUnknownOptions } from "../../src/analysis/packages/operation.ts";
import {
  developmentInstallOf,
  developmentRequirementOf,
  type ProjectInstall,
} from "../../src/analysis/packages/project-installs.ts";
import { runsAfter } from "../../src/build/runs-after.ts";
import { defined } from "../../src/defined.ts";
import { addWord } from "../../src/edits/add-word.ts";
import { insertBefore } from "../../src/edits/append.ts";
import { itemOf } from "../../src/edits/cut.ts";
import { isEditable } from "../../src/edits/editability.ts";
import { developmentCommands, developmentVerbs } from "../../src/knowledge/commands.ts";
import { isNamed, type DevelopmentFacts } from "../../src/knowledge/tool.ts";
import { must } from "../../src/must.ts";
import {
  defineRule,
  formatBytes,
  type Command,
  type DockerfileView,
  type Finding,
  type Fix,
  type Step,
  type BuildSubject,
} from "../../src/rule/contract.ts";
import { groupRows } from "../../src/rule/findings/path-rows.ts";

export const devDependenciesInstalled = defineRule({
  id: "dev-dependencies-installed",
  aliases: [],
  category: "size",
  severity: "info",
  reads: "build",
  docs: {
    summary: "Development dependencies are installed in a stage that ends up in the image",
    what: "From the Dockerfile: `npm ci`, `npm install`, `pnpm install`, `yarn`, `composer install`, `bundle install`, `poetry install` or `uv sync` without the option, variable or setting that omits development dependencies, and `pip install -r requirements-dev.txt` or `.[dev]`. Not reported if a later step prunes them, or if the name of the stage, of the Dockerfile or of its folders, or a variable such as `NODE_ENV`, says that the image is for development or tests. With the image, the records of npm and Composer tell which packages are for development and how large they are; if there are none, nothing is reported.",
    why: "Compilers, test runners and linters are often larger than the application, and each of them adds attack surface.",
    bad: [
      {
        title: "npm ci installs devDependencies",
        dockerfile: 'FROM node:22\nWORKDIR /srv\nCOPY . .\nRUN npm ci\nCMD ["node", "main.js"]\n',
      },
      { title: "Composer", dockerfile: "FROM php:8.4\nCOPY . /srv\nRUN composer install -d /srv\n" },
    ],
    good: [
      {
        title: "Without devDependencies",
        dockerfile: "FROM node:22\nWORKDIR /srv\nCOPY . .\nRUN npm ci --omit=dev\n",
      },
      {
        title: "A builder stage needs them",
        dockerfile:
          "FROM node:22 AS build\nRUN npm ci && npm run build\nFROM nginx\nCOPY --from=build /dist /usr/share/nginx/html\n",
      },
    ],
    fix: "Adds the option that omits them. Unsafe: something may need them. There is no fix if a later command of the stage builds or tests, or may do so: use a build stage instead.",
  },
  wantsContent: isInstallRecord,
  *check(subject) {
    const view = subject.dockerfile;
    if (isForDevelopment(view)) return;
    const uses = new DevelopmentUses(view);
    for (const [at, step] of view.steps.entries()) {
      if (step.script?.complete !== true) continue;
      for (const command of step.script.commands) {
        if (!command.certain || hasUnknownOptions(command)) continue;
        const install = developmentInstallOf(command);
        const found =
          install === undefined || isLeftOut(install, command, step)
            ? requirementsOf(command, step, subject)
            : findingOf(install, command, step, at, subject, uses);
        if (found !== undefined) yield found;
      }
    }
  },
});

/** A variable says that what only development needs is left out. */
function isLeftOut({ development }: ProjectInstall, command: Command, step: Step): boolean {
  return development.variables.some(({ name, value }) => {
    const set = textValueOf(name, command, step);
    return set === null || (set !== undefined && value.test(set));
  });
}

function findingOf(
  { tool, development }: ProjectInstall,
  command: Command,
  step: Step,
  at: number,
  subject: BuildSubject,
  uses: DevelopmentUses,
): Finding | undefined {
  const { instruction } = step;
  if (uses.isSetBy(at, development) || uses.isPruned(command, step, development)) return undefined;
  const verb = verbOf(command);
  const name = `${command.name}${verb === undefined ? "" : ` ${verb.text}`}`;
  const advice = `Omit them (${development.word ?? development.before}). If the build needs them, build in an earlier stage and COPY --from only the result.`;
  const locations = [{ instruction, range: { start: command.start, end: command.end } }];
  if (!isProvenByLayers(subject, instruction)) {
    const fix = fixOf(development, command, step, subject.dockerfile, uses);
    return {
      message: `line ${instruction.line} installs development dependencies (${name})`,
      advice,
      evidence: "dockerfile",
      locations,
      ...defined({ fixes: fix && [fix] }),
    };
  }
  const layer = layerOf(subject, instruction);
  const found =
    layer === undefined ? undefined : forDevelopment(must(subject.image, "the image"), layer, tool);
  const bytes = found?.files.reduce((sum, { entry }) => sum + entry.size, 0) ?? 0;
  if (found === undefined || bytes === 0) return undefined;
  const fix = fixOf(development, command, step, subject.dockerfile, uses);
  return {
    message: `line ${instruction.line} installs ${found.packages} package${found.packages === 1 ? "" : "s"} needed only for development (${name}): ${formatBytes(bytes)}`,
    advice,
    evidence: "both",
    bytes,
    inodes: found.files.map(({ layer: index, entry }) => ({ layer: index, entry })),
    locations,
    ...groupRows(
      found.files.map(({ paths, entry }) => ({ path: paths[0] ?? entry.path, bytes: entry.size })),
    ),
    ...defined({ fixes: fix && [{ ...fix, bytes }] }),
  };
}

/** What other lines of a Dockerfile do with development dependencies; each is looked at once, not for every install. */
class DevelopmentUses {
  readonly #view: DockerfileView;
  #used: ((command: Command, step: Step) => boolean) | undefined;
  readonly #pruned = new Map<DevelopmentFacts, (command: Command, step: Step) => boolean>();
  readonly #set = new Map<RegExp, number>();

  constructor(view: DockerfileView) {
    this.#view = view;
  }

  /** Returns true if a later command builds or tests, or may do so. */
  isUsed(command: Command, step: Step): boolean {
    this.#used ??= runsAfter(this.#view, isDevelopment);
    return this.#used(command, step);
  }

  /** Returns true if a later command removes the development dependencies. */
  isPruned(command: Command, step: Step, facts: DevelopmentFacts): boolean {
    let pruned = this.#pruned.get(facts);
    if (pruned === undefined) {
      pruned = runsAfter(this.#view, (each) => prunes(each, facts));
      this.#pruned.set(facts, pruned);
    }
    return pruned(command, step);
  }

  /** Returns true if a step up to `at` sets that they are omitted. */
  isSetBy(at: number, { setting }: DevelopmentFacts): boolean {
    if (setting === undefined) return false;
    const { steps, file } = this.#view;
    let first = this.#set.get(setting);
    if (first === undefined) {
      first = steps.findIndex(({ instruction }) =>
        setting.test(file.text.slice(instruction.start, instruction.end)),
      );
      this.#set.set(setting, first);
    }
    return first >= 0 && first <= at;
  }
}

function prunes({ name, args }: Command, { prunes: known }: DevelopmentFacts): boolean {
  const words = args.map(({ value }) => value);
  if (words.includes("node_modules") || args.some(({ text }) => /node_modules$|\/vendor$/.test(text)))
    return name === "rm";
  return known.some(
    (each) =>
      name !== undefined && isNamed(name, each.names) && each.words.every((word) => words.includes(word)),
  );
}

/** Something builds or tests after the installation, or may. */
function isDevelopment(command: Command): boolean {
  if (command.name === undefined) return command.word !== undefined;
  if (developmentCommands.has(command.name)) return true;
  const verb = verbOf(command)?.value;
  return isOpaque(command) || (verb !== undefined && developmentVerbs.has(verb));
}

function fixOf(
  development: DevelopmentFacts,
  command: Command,
  step: Step,
  view: DockerfileView,
  uses: DevelopmentUses,
): Fix | undefined {
  if (!isEditable(step, view) || uses.isUsed(command, step)) return undefined;
  const { word: flag, before, shownBy } = development;
  if (shownBy !== undefined && !command.args.some(({ text }) => shownBy.test(text))) return undefined;
  const verb = verbOf(command) ?? command.word;
  if (verb === undefined) return undefined;
  const isPlain = itemOf(command, step.script?.list) !== undefined;
  const edit =
    flag !== undefined
      ? addWord(verb, flag, view)
      : before !== undefined && isPlain
        ? insertBefore(step, command, before, view)
        : undefined;
  if (edit === undefined) return undefined;
  return {
    description: flag === undefined ? `${before} first` : `add ${flag} to ${command.name}`,
    safety: "unsafe",
    condition: "something in the image may need a package that is declared for development",
    edits: [edit],
  };
}

/** `pip install -r requirements-dev.txt`: the name says it. */
function requirementsOf(command: Command, step: Step, subject: BuildSubject): Finding | undefined {
  if (isProvenByLayers(subject, step.instruction)) return undefined;
  const found = developmentRequirementOf(command);
  if (found === undefined) return undefined;
  return {
    message: `line ${step.instruction.line} installs development dependencies (${found.text})`,
    advice: "Install them in a separate test stage, and omit them from the stage that ends up in the image.",
    evidence: "dockerfile",
    locations: [{ instruction: step.instruction, range: { start: command.start, end: command.end } }],
  };
}
