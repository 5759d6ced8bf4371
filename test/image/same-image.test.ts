/** One image in every format gives the same entries, and byte-identical reports apart from what belongs to the form. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { beforeAll, describe, expect, test } from "vitest";
import type { Report } from "../../src/lint/report.ts";
import {
  dockerArchive,
  gzipMembers,
  ociImage,
  ociLayout,
  tarOf,
  writeParts,
  zstdFrame,
  zstdFrames,
} from "../support/archive.ts";
import { layerlint } from "../support/command.ts";
import { packSketches } from "../support/sketch.ts";
import { testFolder } from "../support/folder.ts";

const folder = testFolder("same");
let layers: Buffer[];
const dockerfile = "FROM scratch\nCOPY a /\nRUN b\nRUN rm -rf /d && chmod 600 /f\nRUN tail\n";
const history = [
  { created_by: "COPY a / # buildkit" },
  { created_by: "RUN /bin/sh -c b # buildkit" },
  { created_by: "RUN /bin/sh -c rm -rf /d && chmod 600 /f # buildkit" },
  { created_by: "RUN /bin/sh -c tail # buildkit" },
];

beforeAll(async () => {
  layers = await packSketches([
    `f(300000,h) d/ d/one(250000) d/two≡d/one .npmrc("//x/:_authToken=Zx81Qw72Er63Ty54")`,
    `tmp/ tmp/${"long/".repeat(45)}name(150000) g(5)`,
    ".wh.d f(300000,h,mode=0600)",
    "g(5) var/ var/lib/ var/lib/apt/ var/lib/apt/lists/ var/lib/apt/lists/x(120000)",
  ]);
  await writeFile(join(folder, "Dockerfile"), dockerfile);
});

/** The report without names, manifest and blob digests and transfer sizes. */
function essence(stdout: string): unknown {
  const report = JSON.parse(stdout) as Report;
  return JSON.parse(
    JSON.stringify(report, (key, value: unknown) => {
      if (
        ["digest", "compressedBytes", "compression", "format", "tags", "reclaimableCompressedBytes"].includes(
          key,
        )
      )
        return undefined;
      if (key === "name" || key === "command") return undefined;
      // what another squash would send again is a transfer size, in words
      return key === "advice" ? String(value).replace(/\d[\d.]* [kMG]?B/g, "…") : value;
    }),
  );
}

async function reportOn(target: string, stdin?: Buffer): Promise<unknown> {
  const chunks = stdin === undefined ? [] : split(stdin);
  const outcome = await layerlint(["--format", "json", "--all", join(folder, "Dockerfile"), target], {
    stdin: chunks,
  });
  expect(outcome.stderr).toBe("");
  expect(outcome.code).toBe(1);
  return essence(outcome.stdout);
}

function* split(bytes: Buffer): Generator<Buffer> {
  for (let at = 0, size = 1; at < bytes.length; at += size, size = (size * 7) % 70_001 || 1)
    yield bytes.subarray(at, at + size);
}

describe("one image, byte-identical reports", () => {
  test("in every format", async () => {
    const plain = await tarOf(dockerArchive({ layers, history }));
    const forms: [name: string, bytes: Buffer][] = [
      ["plain.tar", plain],
      ["whole.tar.gz", gzipSync(plain)],
      ["members.tar.gz", gzipMembers(plain)],
      ["whole.tar.zst", zstdFrame(plain)],
      ["frames.tar.zst", zstdFrames(plain)],
      [
        "gzip-layers.tar",
        await tarOf(dockerArchive({ layers, history, compress: (layer) => gzipSync(layer) })),
      ],
      ["gzip-members.tar", await tarOf(dockerArchive({ layers, history, compress: gzipMembers }))],
      [
        "padded-gzip.tar",
        await tarOf(
          dockerArchive({
            layers,
            history,
            compress: (layer) => Buffer.concat([gzipSync(layer), Buffer.alloc(1024)]),
          }),
        ),
      ],
      ["zstd-layers.tar", await tarOf(dockerArchive({ layers, history, compress: zstdFrame }))],
      ["zstd-frames.tar", await tarOf(dockerArchive({ layers, history, compress: zstdFrames }))],
      ["oci.tar", await tarOf(ociLayout([ociImage({ layers, history })]))],
      [
        "oci-gzip.tar",
        await tarOf(ociLayout([ociImage({ layers, history, compress: (layer) => gzipSync(layer) })])),
      ],
      ["backwards.tar", await tarOf(dockerArchive({ layers, history }).toReversed())],
    ];
    const reports: [string, unknown][] = [];
    for (const [name, bytes] of forms) {
      await writeFile(join(folder, name), bytes);
      reports.push([name, await reportOn(join(folder, name))]);
      reports.push([`${name} on standard input`, await reportOn("-", bytes)]);
    }
    await writeParts(
      join(folder, "layout"),
      ociLayout([ociImage({ layers, history, compress: zstdFrames })]),
    );
    reports.push(["an OCI layout", await reportOn(join(folder, "layout"))]);
    const [[, first]] = reports as [[string, { findings: unknown[] }]];
    expect(first.findings.length).toBeGreaterThan(4);
    for (const [name, report] of reports) expect(report, name).toEqual(first);
  });
});
