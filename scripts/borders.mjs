// Makes the linter's overrides for the borders between rooms (rooms.mjs).
import { corners, rooms } from "./rooms.mjs";

/** Modules that reach the disk, the network or other processes. */
const outside = [
  "fs",
  "zlib",
  "net",
  "http",
  "https",
  "http2",
  "tls",
  "dgram",
  "child_process",
  "worker_threads",
];
const names = Object.keys(rooms);

/** Returns the overrides of `.oxlintrc.json` that limit each room to the rooms it uses. */
export function borders() {
  const inRooms = names.map((name) => override(`${rooms[name].path}/**/*.ts`, name, rooms[name]));
  const inCorners = corners.map(({ files, room, ...own }) =>
    override(files, room, { ...rooms[room], ...own }),
  );
  return [...inRooms, ...inCorners];
}

function override(files, name, room) {
  const groups = [
    { group: [...forbiddenRooms(name, room), ...(room.refuses ?? [])], message: room.why },
    { group: foreignPackages(room), message: "this package has its home in another folder" },
    {
      group: nodeModules(room.node),
      message: `${room.path} ${room.node === "none" ? "needs no module of Node.js" : "does not reach the disk, the network or other processes"}`,
    },
  ];
  const globals =
    room.process === true ? [] : room.node === "none" ? ["process", "fetch", "Buffer"] : ["process", "fetch"];
  return {
    files: [files],
    rules: {
      ...(globals.length === 0 ? {} : { "no-restricted-globals": ["error", ...globals] }),
      "no-restricted-imports": ["error", { patterns: groups.filter(({ group }) => group.length > 0) }],
    },
  };
}

/** Returns the patterns of unused rooms, and of the unused files of rooms that are used in part. */
function forbiddenRooms(name, { uses }) {
  const groups = [];
  for (const other of names) {
    if (other === name || uses[other] === "all") continue;
    groups.push(`**/${other}/**`);
    for (const file of uses[other] ?? []) groups.push(`!**/${other}/${file}`);
  }
  return [...groups, "../index.ts", "../../index.ts", "**/src/index.ts", "**/src/testing.ts"];
}

function foreignPackages({ packages = [] }) {
  const homes = names.flatMap((other) => rooms[other].packages ?? []);
  return homes.flatMap((each) => (packages.includes(each) ? [] : [each, `${each}/*`]));
}

function nodeModules(allowed) {
  if (allowed === "all") return [];
  if (allowed === "none") return ["node:*", "node:*/**", "fs", "path"];
  return outside.flatMap((each) => [`node:${each}`, `node:${each}/**`]);
}

/** Returns the text of `.oxlintrc.json` with the current borders. */
export function withBorders(text) {
  const config = JSON.parse(text);
  const others = config.overrides.filter(({ rules }) => rules["no-restricted-imports"] === undefined);
  return `${JSON.stringify({ ...config, overrides: [...borders(), ...others] }, undefined, 2)}\n`;
}
