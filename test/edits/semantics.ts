import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect } from "vitest";
import { deletedLater } from "../../rules/layers/deleted-later.ts";
import { parseDockerfile } from "../../src/dockerfile/parse.ts";
import { applyEdits } from "../../src/lint/apply-edits.ts";
import { editsOf } from "../support/fixes.ts";

/**
 * Moved, cut and joined commands, run by a real shell: what succeeds, what is there and what ran has to stay the same.
 * Returns how many edits were tried.
 */
export async function checkSemantics(runs: number, seed?: number): Promise<number> {
  const root = mkdtempSync(join(tmpdir(), "layerlint-rm-"));
  try {
    return await tryAll(makeBuilder(root), root, runs, seed);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

interface Built {
  readonly ok: boolean;
  readonly files: readonly string[];
  readonly log: string;
}

/** What a build of a Dockerfile does: it stops at the first RUN that fails. */
function makeBuilder(root: string): (text: string) => Built {
  const bin = join(root, "bin");
  mkdirSync(bin);
  const stub = (name: string, text: string) =>
    writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  stub("good", `echo "good $1" >> "${root}/log"`);
  stub("bad", `echo "bad $1" >> "${root}/log"; exit 1`);
  stub("curl", `echo made > "$2"`);
  return (text) => {
    const data = join(root, "data");
    rmSync(data, { recursive: true, force: true });
    mkdirSync(data);
    writeFileSync(join(root, "log"), "");
    let ok = true;
    for (const instruction of parseDockerfile(text, "Dockerfile").instructions) {
      if (instruction.keyword !== "RUN" || !ok) continue;
      const { body, heredocs } = instruction;
      const { status } = spawnSync("sh", ["-c", heredocs[0]?.content ?? body], {
        cwd: root,
        env: { PATH: `${bin}:${process.env["PATH"] ?? ""}` },
      });
      ok = status === 0;
    }
    return { ok, files: ok ? readdirSync(data) : [], log: readFileSync(join(root, "log"), "utf8") };
  };
}

const command = fc.constantFrom("good 1", "good 2", "good 3", "bad 1", "true", "cd /", "export A=1", "X=1");
const joint = fc.constantFrom(" && ", " && ", " && ", "; ", " || ", " \\\n  && ", " && \\\n  ");

/** A list with the given command somewhere in it, some of its parts in groups. */
function listWith(special: string) {
  return fc
    .tuple(
      fc.array(fc.tuple(command, joint), { maxLength: 3 }),
      fc.array(fc.tuple(joint, command), { maxLength: 3 }),
      fc.constantFrom("", "", "", "set -e; ", "set -e && "),
      fc.constantFrom("plain", "plain", "braces", "subshell", "tail"),
    )
    .map(([before, after, start, shape]) => {
      const head = before.map(([text, operator]) => text + operator).join("");
      const tail = after.map(([operator, text]) => operator + text).join("");
      if (shape === "braces") return `${start}${head}{ good 9; ${special}; }${tail}`;
      if (shape === "subshell") return `${start}${head}(${special} && good 9)${tail}`;
      if (shape === "tail") return `${start}${head}${special} && { good 8; bad 8; good 9; }`;
      return `${start}${head}${special}${tail}`;
    });
}

async function tryAll(
  build: (text: string) => Built,
  root: string,
  runs: number,
  seed?: number,
): Promise<number> {
  let tried = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom("", "ENV A=1\n", "RUN good 7\n", "# why\n"),
      listWith("curl -o FILE https://example.org/x"),
      fc.oneof(listWith("rm -f FILE"), listWith("cat FILE && rm FILE")),
      async (between, make, remove) => {
        const text = `FROM debian:12\nRUN ${make}\n${between}RUN ${remove}\n`.replaceAll(
          "FILE",
          `${root}/data/x`,
        );
        for (const { edits, safety, description } of await editsOf(deletedLater, { dockerfile: text })) {
          // one RUN of several is unsafe only because the cache keeps them as one
          if (safety !== "safe" && !description.startsWith("join lines")) continue;
          tried++;
          expect(build(applyEdits(text, edits!)), text).toEqual(build(text));
        }
      },
    ),
    { numRuns: runs, ...(seed === undefined ? {} : { seed }) },
  );
  return tried;
}
