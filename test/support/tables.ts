/** The tables of src/testing, in vitest. */
import { describe, it } from "vitest";
import { tablesFor } from "../../src/testing/tables.ts";

export const { examples, fixesSafely, fixesUnsafely, onlySays, isSilent } = tablesFor({ describe, it });
