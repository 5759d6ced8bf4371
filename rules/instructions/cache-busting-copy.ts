import { manifestsOf } from "../../src/analysis/packages/project-installs.ts";
import { formatList } from "../../src/format.ts";
import { resolve } from "../../src/paths.ts";
import { defineRule, type Command, type Finding, type Step } from "../../src/rule/contract.ts";

export const cacheBustingCopy = defineRule({
  id: "cache-busting-copy",
  aliases: [],
  category: "correctness",
  severity: "info",
  preset: "strict",
  reads: "dockerfile",
  docs: {
    summary: "All sources are copied before the dependencies are installed, so every change reinstalls them",
    what: "From the Dockerfile: a COPY or ADD of the whole build context, followed in the same stage by a RUN that certainly installs the dependencies of a manifest (`npm ci`, `pip install -r`, `bundle install`, `composer install`, `go mod download`, …), if no COPY before it names the manifest. All stages that the build runs count, because the build cache matters most in builder stages. A cache mount reduces the cost but does not avoid it, so it does not suppress the finding.",
    why: "The builder runs an instruction again if anything before it changed. After a COPY of everything, a changed comment in a source file downloads every dependency again.",
    bad: [
      {
        title: "One changed line reinstalls all packages",
        dockerfile: "FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci\n",
      },
    ],
    good: [
      {
        title: "The manifest first, the sources last",
        dockerfile:
          "FROM node:22\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm ci\nCOPY . .\n",
      },
    ],
    fix: "None: layerlint cannot know what the installation reads besides the manifest (workspaces, local packages, hooks).",
  },
  *check({ dockerfile, context }) {
    for (const { steps, needed } of dockerfile.stages) {
      if (!needed) continue;
      const at = steps.findIndex(takesEverything);
      const copy = steps[at];
      if (copy === undefined) continue;
      const before = steps.slice(0, at).flatMap(({ sources }) => sources?.paths ?? []);
      for (const step of steps.slice(at + 1)) {
        const found = installIn(step);
        // an earlier COPY of the manifest: the order is deliberate
        if (found === undefined || before.some((path) => found.manifests.some((name) => isNamed(path, name))))
          continue;
        const there = context?.files();
        const manifests = found.manifests.filter(
          (name) =>
            there === undefined || there.files.some(({ path }) => isNamed(path, name) && !path.includes("/")),
        );
        yield toFinding(
          copy,
          step,
          found.command,
          manifests.length > 0 ? manifests : found.manifests.slice(0, 2),
        );
        break;
      }
    }
  },
});

function takesEverything({ sources }: Step): boolean {
  return (
    sources !== undefined && !sources.parents && sources.paths.some((path) => resolve("/", path) === "/")
  );
}

function installIn({ script }: Step): { command: Command; manifests: readonly string[] } | undefined {
  if (script?.complete !== true || script.shell !== "posix") return undefined;
  for (const command of script.commands) {
    const manifests = command.certain ? manifestsOf(command) : undefined;
    if (manifests !== undefined) return { command, manifests };
  }
  return undefined;
}

/** `package*.json` names package.json. */
function isNamed(path: string, name: string): boolean {
  const last = path.slice(path.lastIndexOf("/") + 1);
  if (!/[*?[]/.test(last)) return last === name;
  const [start = "", ...rest] = last.split(/[*?[]/);
  return name.startsWith(start) && name.endsWith(rest.at(-1)?.replace(/^.*\]/, "") ?? "");
}

function toFinding(
  copy: Step,
  { instruction }: Step,
  { start, end }: Command,
  manifests: readonly string[],
): Finding {
  const { line } = copy.instruction;
  return {
    message: `line ${line} copies everything before line ${instruction.line} installs the dependencies, so a change to any file reinstalls them`,
    advice: `Copy ${formatList(manifests)} first, install, then copy the rest.`,
    evidence: "dockerfile",
    locations: [
      { instruction: copy.instruction, label: "everything is copied here" },
      { instruction, range: { start, end }, label: "the dependencies are installed here" },
    ],
  };
}
