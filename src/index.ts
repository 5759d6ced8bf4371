/** The public library: re-exports only. */
export { lint } from "./app/lint.ts";
export { fix, type FixResult } from "./app/fix-files.ts";
export { inspect } from "./app/inspect.ts";
export { optimize } from "./app/optimize.ts";
export { compare } from "./app/compare.ts";
export { openImage, type OpenImage, type OpenImageOptions } from "./app/open-image.ts";
export { allRules } from "./app/rule-list.ts";
export { parseDockerfile } from "./dockerfile/parse.ts";
export { defineRule } from "./rule/contract.ts";
export { commandRule } from "./rule/command-rule.ts";
export { imageConfigRule } from "./rule/image-config-rule.ts";
export { instructionPairRule, instructionRule } from "./rule/instruction-rule.ts";
export { portabilityRule } from "./rule/portability-rule.ts";
export { stageRule } from "./rule/stage-rule.ts";
export { isEditable, isRewordable } from "./edits/editability.ts";
export { replace, textFinding, textFix, type PlaceFinding } from "./rule/text-finding.ts";
export { UserError } from "./errors.ts";
export type {
  BuildOptions,
  CompareOptions,
  ComparisonOptions,
  DockerfileText,
  FailLevel,
  FixOptions,
  GateOptions,
  ImageOptions,
  InspectOptions,
  LintOptions,
  OptimizeOptions,
  OutputForm,
  Progress,
  RewriteOptions,
  RuleSelection,
  RunOptions,
  TargetInput,
  TargetOptions,
} from "./app/options.ts";
export type * from "./app/comparison-report.ts";
export type { FixedFile } from "./app/fixing/fixer.ts";
export type * from "./app/rewriting/optimize-report.ts";
export type * from "./lint/report.ts";
export type * from "./rule/contract.ts";
