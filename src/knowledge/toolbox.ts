/** The records of all tools, and the tool that a program belongs to. */
import { plainCommands } from "./commands.ts";
import { isNamed, type CachingTool, type Tool } from "./tool.ts";
import { tools } from "./tools/index.ts";

/** The tools that keep caches. */
export const cachingTools: readonly CachingTool[] = tools.filter(keepsCaches);

const byName = new Map(tools.flatMap((tool) => tool.names.map((name) => [name, tool] as const)));
const byHelper = new Map(tools.flatMap((tool) => (tool.helpers ?? []).map((name) => [name, tool] as const)));

/** The tool that a program belongs to: pip for `pip3.12`. */
export function toolNamed(name: string | undefined): Tool | undefined {
  if (name === undefined) return undefined;
  return (
    byName.get(name) ?? (name.includes(".") ? tools.find(({ names }) => isNamed(name, names)) : undefined)
  );
}

/** The same, if the tool keeps caches. */
export function cachingToolNamed(name: string | undefined): CachingTool | undefined {
  const tool = toolNamed(name);
  return tool !== undefined && keepsCaches(tool) ? tool : undefined;
}

function keepsCaches(tool: Tool): tool is CachingTool {
  return tool.caches !== undefined;
}

/** The same, or the tool that a program only comes with: apt for `apt-cache`. */
export function toolWith(name: string | undefined): Tool | undefined {
  return toolNamed(name) ?? byHelper.get(name ?? "");
}

const programs = new Map<Tool, readonly string[]>(
  cachingTools.map((tool) => [tool, tool.writers.flatMap(({ names }) => names ?? tool.names)]),
);

/** The programs that fill the caches of a tool for sure. */
export function writerPrograms(tool: CachingTool): readonly string[] {
  return programs.get(tool) ?? [];
}

/** The programs that fill or empty them. */
export function cachePrograms(tool: CachingTool): readonly string[] {
  return [...writerPrograms(tool), ...tool.cleaners.flatMap(({ names }) => names ?? tool.names)];
}

/** Something here knows what the program of this name does; `python3.12` is `python3`, `gcc-12` is `gcc`. */
export function isKnownCommand(name: string): boolean {
  return isKnown(name) || isKnown(name.replace(/(?:-?\d+(?:\.\d+)*)$/, ""));
}

function isKnown(name: string): boolean {
  const tool = byName.get(name) ?? byHelper.get(name);
  return tool === undefined ? plainCommands.has(name) : tool.opaque !== "anything";
}
