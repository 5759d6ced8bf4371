// Mutation testing: how many small faults, planted one at a time, the tests notice.
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { findRefused } from "./compiler.ts";
import { findMutants, type Mutant } from "./instrument.ts";
import { Project, roomOf, type Rooms } from "./project.ts";
import { sample } from "./sample.ts";
import { findSurvivors } from "./session.ts";

const HELP = `npm run mutants -- [options] [file or folder…]
  --room a,b     rooms of mutants.json; all by default
  --sample N     mutants drawn for each room; 150 by default, 0 for all
  --seed N       draws others; 1 by default
  --slow MS      tests that take longer than this are not used; 2000 by default
  --whole        uses the tests of the whole command too
  --project DIR  mutates another project, with the rooms of its mutants.json
  --min P        exit status 1 where a room's score is below P percent`;

/** Returns the exit status: 0, 1 for a score below --min, 2 for wrong usage. `home` is the folder of this repository. */
export async function main(argv: readonly string[], home: string): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      room: { type: "string" },
      sample: { type: "string", default: "150" },
      seed: { type: "string", default: "1" },
      slow: { type: "string", default: "2000" },
      whole: { type: "boolean", default: false },
      project: { type: "string" },
      min: { type: "string", default: "0" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const root = resolve(values.project ?? home);
  const rooms = JSON.parse(readFileSync(join(root, "mutants.json"), "utf8")) as Rooms;
  const project = new Project(root);
  const wanted = values.room?.split(",") ?? Object.keys(rooms);
  const unknown = wanted.find((room) => rooms[room] === undefined);
  if (unknown !== undefined) {
    console.error(`${unknown} is no room of mutants.json (${Object.keys(rooms).join(", ")})`);
    return 2;
  }
  const folders = Object.values(rooms).flat();
  const missing = folders.find((folder) => !existsSync(join(root, folder.replace(/^!/, ""))));
  if (missing !== undefined) {
    console.error(`mutants.json names ${missing}, which does not exist`);
    return 2;
  }
  const isWanted = (file: string) =>
    positionals.length === 0 ||
    positionals.some((given) => file === given || file.startsWith(given.replace(/\/?$/, "/")));

  const drawn = new Map<string, Mutant[]>();
  for (const room of wanted) {
    const files = project.files.filter((file) => roomOf(file, rooms) === room && isWanted(file));
    const all = files.flatMap((file) => findMutants(file, project.read(file)));
    drawn.set(room, sample(all, Number(values.sample) || all.length, Number(values.seed)));
    console.error(`${room}: ${drawn.get(room)!.length} of ${all.length} mutants in ${files.length} files`);
  }
  const folder = mkdtempSync(join(tmpdir(), "mutants-"));
  try {
    const refused = findRefused([...drawn.values()].flat(), { project, root, home, folder });
    const mutants = [...drawn.values()].flat().filter((mutant) => !refused.has(mutant));
    const survivors = await findSurvivors({
      project,
      home,
      root,
      folder,
      mutants,
      slowMs: Number(values.slow),
      withWholeCommand: values.whole,
    });
    let status = 0;
    for (const [room, tried] of drawn) {
      const alive = tried.filter((mutant) => survivors.has(mutant));
      for (const mutant of alive)
        console.log(`${show(mutant)}${survivors.get(mutant) === "unreached" ? "  (no test runs it)" : ""}`);
      const score = tried.length === 0 ? 100 : (100 * (tried.length - alive.length)) / tried.length;
      const byCompiler = tried.filter((mutant) => refused.has(mutant)).length;
      console.log(
        `${room}: ${score.toFixed(1)} % of ${tried.length} mutants killed (${byCompiler} by the compiler), ${alive.length} survived\n`,
      );
      if (score < Number(values.min)) status = 1;
    }
    return status;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function show({ file, line, column, original, replacement }: Mutant): string {
  return `${file}:${line}:${column}  ${brief(original)}  →  ${replacement === undefined ? "(removed)" : brief(replacement)}`;
}

function brief(text: string): string {
  const line = text.replaceAll(/\s+/g, " ");
  return line.length > 100 ? `${line.slice(0, 99)}…` : line;
}
