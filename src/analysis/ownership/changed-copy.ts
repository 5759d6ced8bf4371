/** A COPY whose files a later command gives another owner or mode. */
import type { CopyStep } from "../../build/build.ts";
import type { Creation } from "../steps/creations.ts";
import type { Change, Operand } from "./permission-change.ts";

/** A path that a change names, and a COPY that added it or a file in it. */
export interface ChangedCopy {
  readonly copy: CopyStep;
  readonly creation: Creation;
  readonly change: Change;
  readonly operand: Operand;
}
