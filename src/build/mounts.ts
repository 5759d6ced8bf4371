/** Parses `RUN --mount=…`, a line of CSV (docs/spec/dockerfile.md, row R). */
import type { RunInstruction } from "../dockerfile/dockerfile.ts";
import { cleanPath } from "../paths.ts";
import type { Mount, Scope } from "./build.ts";
import { expandIn } from "./scope.ts";

export function mountsOf(instruction: RunInstruction, scope: Scope, escape: string): Mount[] {
  return instruction.flags.flatMap(({ name, value }) =>
    name === "mount" && value !== undefined ? [readMount(value, scope, escape)] : [],
  );
}

function readMount(text: string, scope: Scope, escape: string): Mount {
  const options = new Map<string, string>();
  for (const field of csvFields(text)) {
    const equals = field.indexOf("=");
    const name = (equals < 0 ? field : field.slice(0, equals)).trim().toLowerCase();
    options.set(name, equals < 0 ? "true" : field.slice(equals + 1));
  }
  const type = options.get("type") ?? "bind";
  const written = options.get("target") ?? options.get("dst") ?? options.get("destination");
  return { type, target: targetOf(type, written, options, scope, escape), options };
}

/** Returns the target of a mount as the text has it, if a builder mounts a folder named `~` there. */
export function tildeTarget({ options }: Mount): string | undefined {
  const written = options.get("target") ?? options.get("dst") ?? options.get("destination");
  return written?.startsWith("~") === true ? written : undefined;
}

function targetOf(
  type: string,
  written: string | undefined,
  options: ReadonlyMap<string, string>,
  scope: Scope,
  escape: string,
): string | undefined {
  if (written === undefined) {
    const id = options.get("id") ?? options.get("source") ?? options.get("src");
    return type === "secret" && id !== undefined && !options.has("env") ? `/run/secrets/${id}` : undefined;
  }
  const path = expandIn(scope, written, escape);
  if (path === undefined) return undefined;
  if (path.startsWith("/")) return cleanPath(path);
  return scope.workdir === undefined ? undefined : cleanPath(`${scope.workdir}/${path}`);
}

/** Splits a line of CSV. Fields may be quoted as a whole; `""` in a quoted field is a quote. */
function csvFields(text: string): string[] {
  const fields: string[] = [];
  let field = "";
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    if (quoted && char === '"' && text[at + 1] === '"') field += text[at++];
    else if (char === '"' && (quoted || field === "")) quoted = !quoted;
    else if (char === "," && !quoted) {
      fields.push(field);
      field = "";
    } else field += char;
  }
  fields.push(field);
  return fields.filter((each) => each !== "");
}
