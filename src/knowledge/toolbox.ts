/** Looks up tool records by program. */
import { plainCommands } from "./commands.ts";
import type { Cleaner } from "./tool-caches.ts";
import { isNamed, withoutVersion, type CachingTool, type Tool } from "./tool.ts";
import { tools } from "./tools/index.ts";

/** The tools that keep caches. */
export const cachingTools: readonly CachingTool[] = tools.filter(keepsCaches);

const byName = new Map(tools.flatMap((tool) => tool.names.map((name) => [name, tool] as const)));
const byHelper = new Map(tools.flatMap((tool) => (tool.helpers ?? []).map((name) => [name, tool] as const)));

/** Returns the tool of a program: pip for `pip3.12`. */
export function toolNamed(name: string | undefined): Tool | undefined {
  if (name === undefined) return undefined;
  return (
    byName.get(name) ?? (name.includes(".") ? tools.find(({ names }) => isNamed(name, names)) : undefined)
  );
}

/** Returns the tool of a program if it keeps caches. */
export function cachingToolNamed(name: string | undefined): CachingTool | undefined {
  const tool = toolNamed(name);
  return tool !== undefined && keepsCaches(tool) ? tool : undefined;
}

function keepsCaches(tool: Tool): tool is CachingTool {
  return tool.caches !== undefined;
}

/** Returns the tool of a program or helper: apt for `apt-cache`. */
export function toolWith(name: string | undefined): Tool | undefined {
  return toolNamed(name) ?? byHelper.get(name ?? "");
}

/** Indexes values by program, because most commands of a RUN belong to no record. */
function byProgram<T>(pairs: Iterable<readonly [program: string, T]>): (name: string) => readonly T[] {
  const found = new Map<string, T[]>();
  for (const [program, value] of pairs) {
    const values = found.get(program);
    if (values === undefined) found.set(program, [value]);
    else values.push(value);
  }
  return (name) =>
    found.get(name) ?? (name.includes(".") ? found.get(withoutVersion(name)) : undefined) ?? [];
}

const programs = new Map<Tool, readonly string[]>(
  cachingTools.map((tool) => [tool, [...new Set(tool.writers.flatMap(({ names }) => names ?? tool.names))]]),
);

/** Returns the programs that certainly fill a tool's caches. */
export function writerPrograms(tool: CachingTool): readonly string[] {
  return programs.get(tool) ?? [];
}

/** Returns the tools whose caches a program certainly fills. */
export const toolsFilledBy: (name: string) => readonly CachingTool[] = byProgram(
  cachingTools.flatMap((tool) => writerPrograms(tool).map((program) => [program, tool] as const)),
);

/** Returns the commands of a program that empty caches, with their tools, in the order of the records. */
export const cleanersOf: (
  name: string,
) => readonly { readonly tool: CachingTool; readonly cleaner: Cleaner }[] = byProgram(
  cachingTools.flatMap((tool) =>
    tool.cleaners.flatMap((cleaner) =>
      [...new Set(cleaner.names ?? tool.names)].map((program) => [program, { tool, cleaner }] as const),
    ),
  ),
);

/** Returns the programs that fill or empty a tool's caches. */
export function cachePrograms(tool: CachingTool): readonly string[] {
  return [...writerPrograms(tool), ...tool.cleaners.flatMap(({ names }) => names ?? tool.names)];
}

/** Returns the tool of a program that may have any version in its name: `gcc-12` is `gcc`. */
export function programTool(name: string): Tool | undefined {
  return toolNamed(name) ?? toolNamed(withoutAnyVersion(name));
}

/** Returns true for a plain program; `clang++-15` counts as `clang++`. */
export function isPlainProgram(name: string): boolean {
  return plainCommands.has(name) || plainCommands.has(withoutAnyVersion(name));
}

function withoutAnyVersion(name: string): string {
  return name.replace(/-?\d+(?:\.\d+)*$/, "");
}
