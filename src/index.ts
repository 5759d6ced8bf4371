/** The public library: re-exports only. */
export { UserError } from "./errors.ts";
export { allRules } from "../rules/index.ts";
export { maskSecrets } from "./knowledge/secrets/secrets.ts";
export { contextOf } from "./context/folder.ts";
export { parseDockerfile } from "./dockerfile/parse.ts";
export { resolveBuild } from "./build/resolve-build.ts";
export { openImage } from "./image/open.ts";
export { applyLayers } from "./rootfs/apply.ts";
export { totals } from "./rootfs/totals.ts";
export { fixedLayersOf, originsOf } from "./origin/origins.ts";
export { makeSubject, type SubjectInput } from "./lint/make-subject.ts";
export { audit, makeReport, type Audit, type AuditOptions } from "./lint/audit.ts";
export {
  chooseRules,
  findRule,
  type Accept,
  type ChosenRule,
  type RuleChoice,
  type RuleSetting,
  type Settings,
  type WasteBudget,
} from "./lint/settings.ts";
export { maskReport } from "./lint/mask.ts";
export type * from "./lint/report.ts";
export type * from "./rule/contract.ts";
export { defineRule } from "./rule/contract.ts";
export { commandRule } from "./rule/command-rule.ts";
export { imageConfigRule } from "./rule/image-config-rule.ts";
export { instructionPairRule, instructionRule } from "./rule/instruction-rule.ts";
export { portabilityRule } from "./rule/portability-rule.ts";
export { stageRule } from "./rule/stage-rule.ts";
export { isEditable, isRewordable } from "./edits/editability.ts";
export { replace, textFinding, textFix, type PlaceFinding } from "./rule/text-finding.ts";
export { pretty } from "./report/pretty.ts";
export { json } from "./report/json.ts";
export { styleFor, type Style } from "./report/style.ts";
export type { OpenOptions, Progress } from "./image/image.ts";
