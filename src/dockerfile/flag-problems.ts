/** Finds flags that BuildKit refuses. An unknown flag is not a problem, because a newer builder may know it. */
import type { Flag, Instruction, Problem } from "./dockerfile.ts";
import { nearest } from "./nearest.ts";

type Kind = "switch" | "value" | "values";

const known: Readonly<Record<string, Readonly<Record<string, Kind>>>> = {
  FROM: { platform: "value" },
  ADD: {
    chown: "value",
    chmod: "value",
    link: "switch",
    "keep-git-dir": "switch",
    checksum: "value",
    unpack: "switch",
    exclude: "values",
  },
  COPY: {
    chown: "value",
    from: "value",
    chmod: "value",
    link: "switch",
    exclude: "values",
    parents: "switch",
  },
  RUN: { mount: "values", network: "value", security: "value", device: "values" },
  HEALTHCHECK: {
    interval: "value",
    timeout: "value",
    "start-period": "value",
    "start-interval": "value",
    retries: "value",
  },
};

const modes: Readonly<Record<string, readonly string[]>> = {
  network: ["default", "none", "host"],
  security: ["sandbox", "insecure"],
};

export function flagProblem({ keyword, flags }: Instruction): Problem | undefined {
  const kinds = new Map(Object.entries(known[keyword] ?? {}));
  const seen = new Set<string>();
  for (const flag of flags) {
    const kind = kinds.get(flag.name);
    const message = kind === undefined ? misspelt(flag, kinds.keys()) : misused(flag, kind, seen);
    seen.add(flag.name);
    if (message !== undefined)
      return { code: "flag", message: `${keyword}: ${message}`, start: flag.start, end: flag.end };
  }
  return undefined;
}

function misspelt({ name }: Flag, names: Iterable<string>): string | undefined {
  const near = nearest(name, names);
  return near === undefined ? undefined : `unknown flag --${name} (did you mean --${near}?)`;
}

function misused({ name, value }: Flag, kind: Kind, seen: ReadonlySet<string>): string | undefined {
  if (kind !== "values" && seen.has(name)) return `--${name} is given twice`;
  if (kind !== "switch" && value === undefined) return `--${name} needs a value: --${name}=…`;
  if (kind === "switch" && value !== undefined && !/^(?:true|false)$/i.test(value))
    return `--${name} is on or off: leave the value out, or write true or false`;
  if (name === "mount" && value === "") return "--mount needs options: --mount=type=cache,target=…";
  const allowed = modes[name];
  if (allowed !== undefined && !allowed.includes(value ?? ""))
    return `--${name} is one of ${allowed.join(", ")}`;
  if (name === "from" && /\$[\w{@*#?!-]/.test(value ?? ""))
    return "--from takes no variables; give the stage or image a name with FROM … AS instead";
  if (name === "mount" && /(?:^|,)from=[^,]*\$[^,]/i.test(value ?? ""))
    return "a mount's from takes no variables; give the stage or image a name with FROM … AS instead";
  return undefined;
}
