/** Makes subjects from text, and runs a rule on them. */
import { allRules } from "../../rules/index.ts";
import type { BuilderName } from "../build/builders.ts";
import { resolveBuild } from "../build/resolve-build.ts";
import type { BytePath } from "../byte-path.ts";
import { defined } from "../defined.ts";
import { parseDockerfile } from "../dockerfile/parse.ts";
import { checkRule, viewsOf } from "../lint/check-rule.ts";
import { collect } from "../lint/collect.ts";
import { makeSubject } from "../lint/make-subject.ts";
import { chooseRules, defaultOptions } from "../lint/settings.ts";
import type {
  Finding,
  HistoryEntry,
  ImageConfig,
  OptionValues,
  Rule,
  Step,
  Subject,
} from "../rule/contract.ts";
import { context, type ContextSketch } from "./context-sketch.ts";
import { sketchImage } from "./sketch.ts";

export interface SubjectSketch {
  readonly dockerfile?: string;
  /** One sketch for each layer, base layers first; without it there is no image. */
  readonly layers?: readonly string[];
  /** Number of base layers among them. */
  readonly base?: number;
  readonly target?: string;
  /** The Dockerfile that the image was built from, if it is another one. */
  readonly builtFrom?: string;
  /** Replaces the history that BuildKit would write for the Dockerfile. */
  readonly history?: readonly HistoryEntry[];
  readonly config?: Partial<ImageConfig>;
  readonly context?: ContextSketch;
  readonly builder?: BuilderName;
  readonly keep?: (path: BytePath, size: number) => boolean;
}

/**
 * Makes a subject from text: a Dockerfile, layers as sketches (src/testing/sketch.ts), or both, linked by the history
 * that BuildKit would have written. Each RUN, COPY, ADD and WORKDIR of the final chain takes one layer above the
 * base.
 */
export async function subjectOf(sketch: SubjectSketch): Promise<Subject> {
  const { dockerfile: text, layers, base = 0, builder } = sketch;
  const dockerfile = text === undefined ? undefined : { name: "Dockerfile", text };
  const folder = sketch.context === undefined ? undefined : context(sketch.context);
  if (layers === undefined)
    return makeSubject({ dockerfile, target: sketch.target, context: folder, builder });
  const history = sketch.history ?? historyFor(sketch.builtFrom ?? text, sketch.target, layers.length, base);
  const image = sketchImage({
    layers,
    history,
    ...defined({ config: sketch.config, keep: sketch.keep }),
  });
  return makeSubject({
    dockerfile,
    image,
    target: sketch.target,
    origin: { base },
    context: folder,
    builder,
  });
}

/** Returns all findings of one rule, with its default options except those given. */
export function run(rule: Rule, subject: Subject, options: OptionValues = {}): Finding[] {
  if (rule.reads === "comments") return runLate(rule, subject);
  return [...checkRule(rule, viewsOf(subject), { ...defaultOptions(rule), ...options })];
}

/** Runs a rule that reads `comments`, after all other rules. */
function runLate(rule: Rule, subject: Subject): Finding[] {
  const rules = chooseRules(allRules, { preset: "strict", only: [], skip: [], severity: [] });
  const { findings, failures } = collect(subject, {
    rules,
    known: allRules,
    failOn: "never",
    budget: undefined,
  });
  if (failures.length > 0) throw new Error(failures.join("\n"));
  return findings.filter((found) => found.rule.rule === rule).map(({ finding }) => finding);
}

/** Returns the findings of one rule for a sketched subject; keeps the file contents that the rule wants. */
export async function findingsOf(
  rule: Rule,
  sketch: SubjectSketch,
  options: OptionValues = {},
): Promise<Finding[]> {
  const keep = defined({ keep: rule.wantsContent });
  return run(rule, await subjectOf({ ...keep, ...sketch }), options);
}

function historyFor(
  text: string | undefined,
  target: string | undefined,
  layers: number,
  base: number,
): HistoryEntry[] {
  const entries: HistoryEntry[] = Array.from({ length: base }, (_, i) => ({
    createdBy: `base layer ${i}`,
    emptyLayer: false,
  }));
  const steps =
    text === undefined ? [] : resolveBuild(parseDockerfile(text, "Dockerfile"), defined({ target })).steps;
  if (steps.length === 0) {
    for (let i = base; i < layers; i++)
      entries.push({
        createdBy: `COPY part${i} / # buildkit`,
        comment: "buildkit.dockerfile.v0",
        emptyLayer: false,
      });
    return entries;
  }
  for (const step of steps) entries.push(entryFor(step));
  const made = entries.filter((entry) => !entry.emptyLayer).length;
  if (made !== layers)
    throw new Error(`the sketch has ${layers} layers, but base and Dockerfile make ${made}`);
  return entries;
}

/** Returns the history entry of BuildKit for a step without ARGs in scope (docs/spec/history.md, section 1). */
function entryFor({ instruction, scope }: Step): HistoryEntry {
  const comment = "buildkit.dockerfile.v0";
  const { keyword, body, exec, words } = instruction;
  if (instruction.keyword === "RUN") {
    const { heredocs } = instruction;
    const args = [...scope.args].map(([name, value]) => `${name}=${value ?? ""}`);
    const prefix = args.length === 0 ? "" : `|${args.length} ${args.join(" ")} `;
    const shell = exec === undefined ? `${scope.shell.join(" ")} ` : "";
    const command = exec === undefined ? body : exec.join(" ");
    const bodies = heredocs.length === 0 ? "" : `\n${heredocs.map((h) => h.content + h.name).join("\n")}`;
    const plain = heredocs.length === 1 && /^<<-?["']?\w+["']?$/.test(body);
    return {
      createdBy: plain
        ? `RUN ${prefix}${shell}${heredocs[0]?.content ?? ""} # buildkit`
        : `RUN ${prefix}${shell}${command}${bodies} # buildkit`,
      comment,
      emptyLayer: false,
    };
  }
  if (keyword === "COPY" || keyword === "ADD") {
    const list = words.map((word) => word.value).join(" ");
    return { createdBy: `${keyword} ${list} # buildkit`, comment, emptyLayer: false };
  }
  if (keyword === "WORKDIR") return { createdBy: `WORKDIR ${body}`, comment, emptyLayer: false };
  return { createdBy: `${keyword} ${body}`, comment, emptyLayer: true };
}
