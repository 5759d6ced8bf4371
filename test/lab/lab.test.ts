/** Images by real builders, through the command: findings, bytes, lines and certainty. LAYERLINT_LAB_SET: quick or all. */
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Report } from "../../src/lint/report.ts";
import { cases, type Builder, type Case } from "./cases.ts";
import { command, engines, imagesOfCase, isQuick, lab, script } from "./lab.ts";
import { measure, readOracle } from "./oracle.ts";
import { compareWithUmoci } from "./umoci.ts";

const chosen = isQuick ? cases.slice(0, 4) : cases;

function buildersOf(one: Case): readonly Builder[] {
  return isQuick ? ["buildah"] : one.builders;
}

beforeAll(() => {
  script("tools.sh", isQuick ? "quick" : "all");
  if (!isQuick) script("current.sh");
  script("bases.sh", ...new Set(chosen.map(({ base }) => base)));
});

afterAll(() => {
  if (!isQuick) for (const engine of engines) script("engine.sh", "stop", engine);
});

function layerlint(...args: string[]): { report: Report; stderr: string; status: number | null } {
  const run = spawnSync(process.execPath, [command, ...args], { encoding: "utf8", maxBuffer: 2 ** 30 });
  expect(run.stderr).toBe("");
  return { report: JSON.parse(run.stdout) as Report, stderr: run.stderr, status: run.status };
}

/** What has to be equal, in whatever archive the image comes. */
function comparable(report: Report): unknown {
  return report.findings.map(({ rule, severity, bytes, evidence, message, locations }) => ({
    rule,
    severity,
    bytes,
    evidence,
    message: message.replace(/\d[\d.]* [kM]?B (again|instead|less)/g, "$1"),
    locations: locations.map(({ line, layer, path }) => ({ line, layer, path })),
  }));
}

describe.each(chosen)("$name", (one) => {
  describe.each(buildersOf(one))("by %s", (builder) => {
    test("is found, with lines, bytes and certainty, in every archive", () => {
      const out = imagesOfCase(one, builder);
      const dockerfile = join(import.meta.dirname, "cases", one.name, "Dockerfile");
      const layers = readOracle(join(out, "docker-archive.tar"));
      const archives = readdirSync(out);
      expect(archives.length).toBeGreaterThanOrEqual(4);
      let first: unknown;
      for (const archive of archives) {
        const { report, status } = layerlint("--format", "json", dockerfile, join(out, archive));
        checkFindings(one, builder, report, layers, archive);
        checkLinks(report, builder);
        const severe = report.findings.some(({ severity }) => severity !== "info");
        expect(status).toBe(severe ? 1 : 0);
        first ??= comparable(report);
        // blobs differ in size from archive to archive, and so does what squashing would send again
        expect(comparable(report)).toEqual(first);
      }
      console.log(`${one.name} by ${builder}: ${archives.length} archives (${archives.join(" ")})`);
    });

    test("has the tree that umoci unpacks", async () => {
      await compareWithUmoci(join(imagesOfCase(one, builder), "docker-archive.tar"), join(lab, "unpacked"));
    });
  });
});

function checkFindings(
  one: Case,
  builder: Builder,
  report: Report,
  layers: ReturnType<typeof readOracle>,
  archive: string,
): void {
  const shown = report.findings.map(
    ({ rule, severity, message, locations }) => `${locations[0]?.line} ${severity} ${rule}: ${message}`,
  );
  for (const wanted of one.expected) {
    const found = report.findings.filter(
      ({ rule, locations, message }) =>
        rule === wanted.rule && locations[0]?.line === wanted.line && message.includes(wanted.says ?? ""),
    );
    const what = `${wanted.rule} of line ${wanted.line} in ${archive} of ${builder}, among\n${shown.join("\n")}`;
    expect(found.length, what).toBeGreaterThan(0);
    for (const finding of found) expect(finding.evidence, what).toBe("both");
    if (wanted.severity !== undefined)
      expect(
        found.map(({ severity }) => severity),
        what,
      ).toContain(wanted.severity);
    if (wanted.bytes === undefined) continue;
    const bytes = measure(layers, wanted.bytes);
    expect(bytes, what).toBeGreaterThan(0);
    expect(
      found.map((finding) => finding.bytes),
      what,
    ).toContain(bytes);
  }
  const loud = report.findings.filter(
    ({ rule, severity }) => severity !== "info" && one.quiet.includes(rule),
  );
  expect(loud.map(({ message }) => message)).toEqual([]);
}

/** RUN is recorded by everyone; of a COPY the classic builder and buildah keep only where it went. */
function checkLinks(report: Report, builder: Builder): void {
  const image = report.targets.find((target) => target.image !== undefined)!.image!;
  expect(image.baseFoundBy).toBe("dockerfile");
  const above = image.layers.slice(image.baseLayers);
  expect(above.length).toBeGreaterThan(0);
  const hashed = builder === "buildah" || builder === "podman" || builder === "docker20-classic";
  for (const { createdBy, instruction } of above) {
    const isCopy = /\b(?:COPY|ADD)\b/.test(createdBy ?? "");
    expect(instruction?.certainty, createdBy ?? "").toBe(isCopy && hashed ? "aligned" : "exact");
  }
}
