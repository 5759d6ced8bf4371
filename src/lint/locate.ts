/** Turns the source locations of a finding into locations of the report. */
import { defined } from "../defined.ts";
import type { Subject } from "../analysis/subject.ts";
import type { Dockerfile, Instruction, Range } from "../dockerfile/dockerfile.ts";
import { toText } from "../byte-path.ts";
import type { BytePath } from "../image/image.ts";
import type { SourceLocation } from "../rule/contract.ts";
import type { ReportLocation, ReportPath } from "./report.ts";

/** Indexes of the Dockerfile and of the image in the report's targets. */
export interface TargetIndexes {
  readonly dockerfile: number | undefined;
  readonly image: number | undefined;
}

/**
 * Turns the source locations of a finding into locations of the report: first the instructions (linked layers
 * included), then narrower ranges in the Dockerfile, then places in the image. Each location is listed once.
 */
export function locate(
  locations: readonly SourceLocation[],
  subject: Subject,
  targets: TargetIndexes,
): ReportLocation[] {
  const instructions: ReportLocation[] = [];
  const ranges: ReportLocation[] = [];
  const layers: ReportLocation[] = [];
  const file = subject.dockerfile?.file;
  for (const location of locations) {
    const label = defined({ label: location.label });
    if (file !== undefined && targets.dockerfile !== undefined) {
      const [first, last] = instructionsOf(location, subject);
      if (first !== undefined && last !== undefined) {
        instructions.push({ target: targets.dockerfile, ...spanOf(file, first, last), ...label });
      }
      if (location.range !== undefined) {
        const span = spanOfRange(file, location.range.start, location.range.end);
        (first === undefined ? instructions : ranges).push({ target: targets.dockerfile, ...span, ...label });
      }
    }
    if (location.layer !== undefined && targets.image !== undefined) {
      const path = location.path === undefined ? undefined : reportPath(location.path);
      layers.push({ target: targets.image, layer: location.layer, ...path, ...label });
    }
  }
  const all = distinct([...instructions, ...ranges, ...layers]);
  if (all.length > 0) return all;
  return [{ target: targets.dockerfile ?? targets.image ?? 0 }];
}

/** Returns the range of a finding's first location in the Dockerfile. */
export function locationInFile(locations: readonly SourceLocation[], subject: Subject): Range | undefined {
  for (const location of locations) {
    const range = rangeOf(location, subject);
    if (range !== undefined) return range;
  }
  return undefined;
}

/** Returns the ranges of the Dockerfile where a comment silences a finding. */
export function commentedLocations(locations: readonly SourceLocation[], subject: Subject): Range[] {
  const first = locationInFile(locations, subject);
  const others = locations.filter(({ silences }) => silences).map((location) => rangeOf(location, subject));
  return [first, ...others].filter((range) => range !== undefined);
}

function rangeOf(location: SourceLocation, subject: Subject): Range | undefined {
  const [first, last] = instructionsOf(location, subject);
  return first !== undefined && last !== undefined ? { start: first.start, end: last.end } : location.range;
}

/** Returns the instructions that made a layer, if it is linked. */
function instructionsOf(
  location: SourceLocation,
  subject: Subject,
): [Instruction | undefined, Instruction | undefined] {
  if (location.instruction !== undefined) return [location.instruction, location.instruction];
  if (location.layer === undefined || !subject.linked) return [undefined, undefined];
  const origin = subject.image?.origins.layers[location.layer];
  return [origin?.instruction, origin?.lastInstruction ?? origin?.instruction];
}

function spanOf(file: Dockerfile, first: Instruction, last: Instruction) {
  return spanOfRange(file, first.start, last.end);
}

function spanOfRange(file: Dockerfile, start: number, end: number) {
  const from = file.positionAt(start);
  const to = file.positionAt(end);
  return { line: from.line, column: from.column, endLine: to.line, endColumn: to.column };
}

function distinct(locations: ReportLocation[]): ReportLocation[] {
  const seen = new Set<string>();
  return locations.filter((location) => {
    const { label: _, ...place } = location;
    const key = JSON.stringify(place);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** Converts a byte path for the report. */
export function reportPath(path: BytePath): ReportPath {
  if (/^[\x20-\x7e]*$/.test(path)) return { path };
  const bytes = Uint8Array.from(path, (c) => c.charCodeAt(0));
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    return { path: text };
  } catch {
    return { path: toText(path), pathBase64: btoa(path) };
  }
}
