/** Formats the report for a terminal: findings with excerpts, then the summary. */
import type { Masked } from "../app/masker.ts";
import { clip, count, formatBytes, formatList, formatNumber, visible } from "../format.ts";
import { isSmall } from "../lint/report.ts";
import type { Report, ReportFinding, ReportFix, ReportLocation, ReportTarget } from "../lint/report.ts";
import { paintSeverity, wrap, type Style } from "./style.ts";

const excerptLines = 4;
const pathLines = 5;
/** Places that a line of folded findings names. */
const foldedPlaces = 5;

interface PrettyOptions {
  /** False if a target could not be read or a rule failed. */
  readonly isWhole?: boolean;
  /** Show each small finding, too. */
  readonly all?: boolean;
}

/**
 * Formats the report for a terminal: each finding with its source lines, then the totals. Small findings of one rule in one
 * target share a line.
 */
export function pretty(
  report: Masked<Report>,
  sources: Masked<ReadonlyMap<number, string>>,
  style: Style,
  { isWhole = true, all = false }: PrettyOptions = {},
): string {
  const out: string[] = [];
  out.push(...appliedLines(report, style));
  const commands = report.targets.flatMap(({ image }) => image?.savings?.command ?? []);
  // the command for findings that name no image
  const onlyCommand = commands.length === 1 ? commands[0] : undefined;
  const lines = new Map([...sources].map(([target, text]) => [target, text.split(/\r?\n/)]));
  const folded = all ? new Map<string, ReportFinding[]>() : foldedFindings(report);
  for (const finding of report.findings) {
    const group = isSmall(finding) ? (folded.get(foldKey(finding)) ?? []) : [];
    if (group.length < 2) out.push(...findingLines(finding, report, lines, style, onlyCommand), "");
    else if (group[0] === finding) out.push(...groupLines(finding, group, report, style), "");
  }
  for (const { file, line, message } of report.notices)
    out.push(
      ...wrap(`${style.chalk.bold(`${visible(file)}:${line}`)}  notice  ${visible(message)}`, style.width),
      "",
    );
  out.push(...summaryLines(report, style, isWhole));
  return `${out.join("\n")}\n`;
}

/** Groups the small findings by rule and target. */
function foldedFindings({ findings }: Report): Map<string, ReportFinding[]> {
  const groups = new Map<string, ReportFinding[]>();
  for (const finding of findings) {
    if (!isSmall(finding)) continue;
    const group = groups.get(foldKey(finding));
    if (group === undefined) groups.set(foldKey(finding), [finding]);
    else group.push(finding);
  }
  return groups;
}

function foldKey({ rule, locations }: ReportFinding): string {
  return `${locations[0]?.target ?? 0} ${rule}`;
}

/** Returns the two lines that stand for a group of small findings. */
function groupLines(
  { rule, severity, locations }: ReportFinding,
  group: readonly ReportFinding[],
  { targets }: Report,
  style: Style,
): string[] {
  const name = visible(targets[locations[0]?.target ?? 0]?.name ?? "");
  const places = [...new Set(group.flatMap((each) => shortPlace(each.locations[0]) ?? []))];
  const hidden = places.length - foldedPlaces;
  const shown = [...places.slice(0, foldedPlaces), ...(hidden > 0 ? [`${hidden} more`] : [])];
  const where = shown.length === 0 ? "" : ` (${formatList(shown)})`;
  return [
    `${style.chalk.bold(name)}  ${paintSeverity(style, severity)}  ${style.chalk.cyan(rule)}`,
    ...wrap(
      `${count(group.length, "finding")} below 100 kB each${where}; --all shows them`,
      style.width - 2,
    ).map((line) => `  ${line}`),
  ];
}

function shortPlace(place: ReportLocation | undefined): string | undefined {
  if (place?.line !== undefined) return `line ${place.line}`;
  return place?.layer === undefined ? undefined : `layer ${place.layer}`;
}

/** Returns the lines about applied fixes. */
function appliedLines({ applied, targets }: Report, { chalk, width }: Style): string[] {
  if (applied === undefined || applied.length === 0) return [];
  const out: string[] = [];
  for (const { target, line, rule, description, condition, bytes } of applied) {
    const where = `${visible(targets[target]?.name ?? "")}${line === undefined ? "" : `:${line}`}`;
    const saved = bytes === undefined ? "" : ` (${formatBytes(bytes)})`;
    out.push(`${chalk.bold(where)}  ${chalk.green("fixed")}  ${chalk.cyan(rule)}`);
    out.push(...wrap(`${description}${saved}`, width - 2).map((text) => `  ${text}`));
    if (condition !== undefined) out.push(...hanging(chalk.yellow("unsafe"), 6, condition, width));
    out.push("");
  }
  return out;
}

/** The lines of each Dockerfile by target index. */
type Sources = ReadonlyMap<number, readonly string[]>;

function findingLines(
  finding: ReportFinding,
  report: Report,
  sources: Sources,
  style: Style,
  onlyCommand: string | undefined,
): string[] {
  const { chalk, width } = style;
  const place = finding.locations[0];
  const target = report.targets[place?.target ?? 0];
  const where = target === undefined ? "" : visible(placeName(target, place));
  const bytes = finding.bytes === undefined ? "" : formatBytes(finding.bytes);
  const head = `${where}  ${finding.severity}  ${finding.rule}`;
  const gap = " ".repeat(Math.max(2, width - head.length - bytes.length));
  const out = [
    `${chalk.bold(where)}  ${paintSeverity(style, finding.severity)}  ${chalk.cyan(finding.rule)}${bytes === "" ? "" : gap + chalk.bold(bytes)}`,
  ];
  for (const line of wrap(
    `${visible(finding.message)}${isPredicted(finding) ? " (predicted from the Dockerfile)" : ""}`,
    width - 2,
  ))
    out.push(`  ${line}`);
  const excerpt = excerpts(finding, sources, style);
  if (excerpt.length > 0) out.push("", ...excerpt);
  const paths = pathTable(finding, style);
  if (paths.length > 0) out.push("", ...paths);
  if (excerpt.length > 0 || paths.length > 0) out.push("");
  for (const note of finding.notes ?? []) out.push(...hanging(chalk.dim("note"), 4, note, width));
  if (finding.advice !== "") out.push(...hanging(chalk.green("do"), 2, finding.advice, width));
  const fix = finding.fixes.find(({ changes }) => changes === "dockerfile");
  if (fix !== undefined) out.push(...hanging(chalk.green("fix"), 3, fixText(fix), width));
  // savings without options are listed at the end, for all findings together
  const rewrite = finding.fixes.find(({ optimize }) => optimize !== undefined && optimize !== "");
  const command = rewrite === undefined ? undefined : (commandFor(finding, report) ?? onlyCommand);
  if (rewrite !== undefined && command !== undefined) {
    const { description, condition, optimize } = rewrite;
    const text = `${description}${condition === undefined ? "" : `; ${condition}`}`;
    // a command is copied, so it is not wrapped
    out.push(...hanging(chalk.green("fix"), 3, text, width), `       ${command} ${optimize}`);
  }
  return out;
}

/** Returns the `layerlint optimize` command for the first image that a finding names. */
function commandFor({ locations }: ReportFinding, { targets }: Report): string | undefined {
  return locations
    .map(({ target }) => targets[target]?.image?.savings?.command)
    .find((command) => command !== undefined);
}

/** Returns the description of a fix, and why an unsafe one is not applied by default. */
function fixText({ description, condition, bytes }: ReportFix): string {
  const saved = bytes === undefined ? "" : `, which saves ${formatBytes(bytes)}`;
  return condition === undefined
    ? `${description}${saved}: layerlint fix`
    : `${description}${saved}: layerlint fix --unsafe, because ${condition}`;
}

/** Returns true for a finding that would have bytes if an image were given. */
function isPredicted({ bytes, evidence, category }: ReportFinding): boolean {
  return bytes === undefined && evidence === "dockerfile" && category === "size";
}

function placeName(target: ReportTarget, place: ReportLocation | undefined): string {
  if (place?.line !== undefined) return `${target.name}:${place.line}`;
  if (place?.layer !== undefined) return `${target.name} layer ${place.layer}`;
  return target.name;
}

function hanging(label: string, labelWidth: number, text: string, width: number): string[] {
  const indent = " ".repeat(labelWidth + 4);
  return wrap(visible(text), width - indent.length).map((line, i) =>
    i === 0 ? `  ${label}  ${line}` : `${indent}${line}`,
  );
}

/** Returns the marked source lines of every location in the Dockerfile; adjacent locations are joined. */
function excerpts(finding: ReportFinding, sources: Sources, style: Style): string[] {
  if (finding.severity === "info") return [];
  const { chalk, width } = style;
  const out: string[] = [];
  const shown = new Set<number>();
  const locations = finding.locations
    .filter((location) => location.line !== undefined && sources.has(location.target))
    .toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0));
  const last = Math.max(0, ...locations.map((location) => (location.line ?? 0) + excerptLines));
  const digits = String(last).length;
  let previous = 0;
  for (const location of locations) {
    const lines = sources.get(location.target) ?? [];
    const first = location.line ?? 1;
    const end = Math.max(first, location.endLine ?? first);
    const cut = end - first >= excerptLines ? first + excerptLines - 2 : end;
    for (let n = first; n <= cut; n++) {
      if (shown.has(n)) continue;
      shown.add(n);
      if (previous > 0 && n > previous + 1) out.push(chalk.dim(`  ${" ".repeat(digits + 2)} ┆`));
      previous = n;
      const text = clip(lines[n - 1] ?? "", width - digits - 8);
      out.push(`  ${chalk.red("▸")} ${String(n).padStart(digits)} ${chalk.dim("│")} ${text}`);
    }
    if (cut < end && !shown.has(cut + 1)) {
      out.push(chalk.dim(`  ${" ".repeat(digits + 2)} │ … ${count(end - cut, "more line")}`));
      for (let n = cut + 1; n <= end; n++) shown.add(n);
      previous = end;
    }
  }
  return out;
}

function pathTable(finding: ReportFinding, style: Style): string[] {
  const { chalk, width } = style;
  const paths = finding.paths ?? [];
  const rows = paths.slice(0, pathLines);
  const hidden = paths.slice(pathLines);
  const moreCount = (finding.morePaths?.count ?? 0) + hidden.length;
  const moreBytes = (finding.morePaths?.bytes ?? 0) + hidden.reduce((sum, path) => sum + path.bytes, 0);
  const sizes = rows.map((row) => formatBytes(row.bytes));
  if (moreCount > 0) sizes.push(formatBytes(moreBytes));
  const column = Math.max(0, ...sizes.map((size) => size.length));
  const out = rows.map((row, i) => {
    const files = row.files === undefined ? "" : `  (${count(row.files, "file")})`;
    // the path is more useful than the note
    const note = row.note === undefined ? "" : `  ${clip(row.note, 32)}`;
    const text = clip(`/${row.path}`, Math.max(20, width - column - 8 - files.length - note.length));
    return `    ${(sizes[i] ?? "").padStart(column)}  ${text}${chalk.dim(files + note)}`;
  });
  if (moreCount > 0)
    out.push(
      chalk.dim(`    ${formatBytes(moreBytes).padStart(column)}  in ${count(moreCount, "more path")}`),
    );
  return out;
}

function summaryLines(report: Report, style: Style, isWhole: boolean): string[] {
  const { chalk } = style;
  const { summary } = report;
  const out: string[] = [];
  const targets =
    report.targets.length > 1
      ? ` in ${count(report.targets.length, "target")}`
      : ` in ${visible(report.targets[0]?.name ?? "no target: all are ignored")}`;
  const counts = [
    summary.errors > 0 ? chalk.red.bold(count(summary.errors, "error")) : "",
    summary.warnings > 0 ? chalk.yellow.bold(count(summary.warnings, "warning")) : "",
    summary.infos > 0 ? chalk.blue(count(summary.infos, "info", "infos")) : "",
  ].filter((text) => text !== "");
  const silenced =
    summary.suppressed === 0 ? "" : chalk.dim(` (${formatNumber(summary.suppressed)} suppressed)`);
  const none = isWhole ? `${chalk.green("✔")} nothing found` : "no finding, but the check is incomplete,";
  const found = counts.length === 0 ? none : counts.join(", ");
  out.push(`${found}${targets}${silenced}`);
  const rows: [string, string, string][] = [];
  if (report.targets.some((target) => target.image !== undefined)) {
    if (summary.foundBytes > 0)
      rows.push([
        "found",
        formatBytes(summary.foundBytes),
        "content in the files named above, each counted once",
      ]);
    if (summary.foundBytes > 0)
      rows.push(["fixable", formatBytes(summary.fixableBytes), "of that, with the fixes offered above"]);
  }
  const upgradedBytes = report.targets.reduce(
    (sum, { image }) => sum + (image?.totals.upgradedBytes ?? 0),
    0,
  );
  if (upgradedBytes > 0)
    rows.push([
      "upgraded",
      formatBytes(upgradedBytes),
      "of base images, replaced by package upgrades: only a newer base avoids them",
    ]);
  for (const budget of summary.budgets ?? []) {
    const verdict = budget.exceeded ? chalk.red.bold("over budget") : chalk.green("within budget");
    const name = report.targets.length > 1 ? `${visible(report.targets[budget.target]?.name ?? "")}: ` : "";
    const accepted =
      budget.acceptedBytes === undefined ? "" : ` besides ${formatBytes(budget.acceptedBytes)} accepted`;
    rows.push([
      "avoidable",
      formatBytes(budget.avoidableBytes),
      `${name}${verdict}: at most ${formatBytes(budget.limitBytes)} allowed${accepted}`,
    ]);
  }
  const label = Math.max(0, ...rows.map(([name]) => name.length));
  const size = Math.max(0, ...rows.map(([, bytes]) => bytes.length));
  for (const [name, bytes, text] of rows)
    out.push(`  ${name.padEnd(label)}  ${chalk.bold(bytes.padStart(size))}  ${chalk.dim(text)}`);
  for (const target of report.targets) out.push(...savingsLines(target, style));
  return out;
}

/** Returns the savings of rewriting an image, and the command for it. */
function savingsLines({ image }: ReportTarget, { chalk, width }: Style): string[] {
  const savings = image?.savings;
  if (image === undefined || savings === undefined) return [];
  const { contentBytes, tarBytes, compressedBytes, command } = savings;
  const out: string[] = [];
  if (tarBytes > 0) {
    const isPlain = image.layers.every(({ compression }) => compression === "none");
    const transfer = isPlain ? "" : `, ≈ ${formatBytes(compressedBytes)} to store, push and pull`;
    const text = `optimize would save ${formatBytes(contentBytes)} of content, ${formatBytes(tarBytes)} of tar${transfer}`;
    // a command is copied, so it is not wrapped
    out.push(...wrap(chalk.green(text), width), `  ${command}`);
  }
  const dead = image.layers.slice(image.fixedLayers).reduce((sum, { deadBytes }) => sum + deadBytes, 0);
  const left = dead - contentBytes;
  if (left > 0)
    out.push(
      ...wrap(
        `${formatBytes(left)} of dead files would stay in layers that runtimes read differently; layerlint optimize --dry-run says why`,
        width,
      ),
    );
  return out;
}
