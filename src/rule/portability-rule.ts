/** Builds rules about layers that runtimes read differently. */
import type { ImageView } from "../analysis/subject.ts";
import type { BytePath } from "../image/image.ts";
import type { Cause, DeadFile, NoteCode } from "../rootfs/rootfs.ts";
import { defineRule, type Finding, type Rule, type RuleMeta } from "./contract.ts";
import { inodesOf } from "../analysis/dead-files.ts";
import { dropDead } from "./findings/dead-files.ts";
import { evidenceOf, layerName } from "./findings/layer-names.ts";
import { groupRows, inWords, type RowItem } from "./findings/path-rows.ts";

/** A path of one layer that runtimes treat differently. */
interface PortabilityIssue {
  readonly layer: number;
  readonly path: BytePath;
  /** The file that it hides; undefined when there is none. */
  readonly deadFile?: DeadFile;
}

interface Wording {
  /** What the layer does, for a number of paths: `writes 3 paths through a symlink`. */
  readonly does: (paths: number) => string;
  /** Which runtimes do what with it. */
  readonly effect: string;
  readonly advice: string;
}

/**
 * Builds a rule about notes of `src/rootfs` on which runtimes disagree. It reports one finding for each layer above
 * the base, and one for all base layers together, which is `info` because the user cannot change the base.
 */
export function portabilityRule({
  note,
  cause,
  only,
  does,
  effect,
  advice,
  ...rule
}: Omit<RuleMeta, "aliases" | "category" | "options"> &
  Wording & {
    readonly note: NoteCode;
    /** The cause of the dead files that belong to this rule. */
    readonly cause?: Cause;
    /** Selects notes; default: all. */
    readonly only?: (
      view: ImageView,
    ) => (issue: { readonly layer: number; readonly path: BytePath }) => boolean;
  }): Rule {
  return defineRule({
    ...rule,
    aliases: [],
    category: "portability",
    reads: "image",
    *check({ image }) {
      const notes = image.rootfs.notes.filter(({ code }) => code === note);
      const counted = only === undefined ? notes : notes.filter(only(image));
      const issues = [
        ...counted.map(({ layer, path }) => ({ layer, path })),
        ...(cause === undefined ? [] : deadFilesOf(image, cause)),
      ];
      for (const found of byLayer(image, issues)) yield toFinding(image, found, { does, effect, advice });
    },
  });
}

/** Returns the dead files of one cause, at the layer that hides them. */
function deadFilesOf({ rootfs }: ImageView, cause: Cause): PortabilityIssue[] {
  return rootfs.deadFiles
    .filter((deadFile) => deadFile.cause === cause)
    .map((deadFile) => ({ layer: deadFile.hiddenIn, path: deadFile.path, deadFile }));
}

/** Groups issues by layer, and those of all base layers together. */
function byLayer(view: ImageView, issues: readonly PortabilityIssue[]): Iterable<PortabilityIssue[]> {
  const base = view.origins.base.layers;
  const groups = new Map<number | "base", PortabilityIssue[]>();
  for (const issue of issues) {
    const key = issue.layer < base ? "base" : issue.layer;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [issue]);
    else group.push(issue);
  }
  return groups.values();
}

function toFinding(
  view: ImageView,
  found: readonly PortabilityIssue[],
  { does, effect, advice }: Wording,
): Finding {
  const layers = [...new Set(found.map(({ layer }) => layer))];
  const layer = layers[0] ?? 0;
  const inBase = layer < view.origins.base.layers;
  const paths = new Set(found.map(({ path }) => path));
  const rows = groupRows(rowsOf(found));
  const deadFiles = found.flatMap(({ deadFile }) => deadFile ?? []);
  const bytes = deadFiles.reduce((sum, deadFile) => sum + deadFile.bytes, 0);
  const locations = layers.map((index) => ({
    layer: index,
    path: found.find((issue) => issue.layer === index)?.path,
  }));
  return {
    message: `${layerName(view, layer)} ${does(paths.size)}${inWords(rows)}: ${effect}`,
    advice: inBase ? `${advice} The layer is in the base image: only its maintainer can fix it.` : advice,
    ...(deadFiles.length === 0 ? {} : { bytes, inodes: inodesOf(deadFiles) }),
    evidence: inBase ? "layers" : evidenceOf(view, [layer]),
    ...(inBase ? { severity: "info" as const } : {}),
    locations,
    ...rows,
    ...dropDead(view, deadFiles),
  };
}

/** Yields one row item per path, with all its dead bytes. */
function rowsOf(found: readonly PortabilityIssue[]): Iterable<RowItem> {
  const items = new Map<BytePath, { path: BytePath; bytes: number }>();
  for (const { path, deadFile } of found) {
    const bytes = deadFile?.bytes ?? 0;
    const item = items.get(path);
    if (item === undefined) items.set(path, { path, bytes });
    else item.bytes += bytes;
  }
  return items.values();
}
