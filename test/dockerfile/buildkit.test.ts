/** Our parser against BuildKit's, on what BuildKit's was asked (fixtures/buildkit). */
import { describe, expect, test } from "vitest";
import {
  type Dockerfile,
  type Instruction,
  heldInstruction,
  heredocsOf,
  pairsOf,
} from "../../src/dockerfile/dockerfile.ts";
import { expand } from "../../src/dockerfile/expand.ts";
import { parseDockerfile } from "../../src/dockerfile/parse.ts";
import { keywords } from "../../src/dockerfile/problems.ts";
import { dockerfiles, variables, words } from "../support/buildkit-cases.ts";

describe("Dockerfiles", () => {
  test.each(dockerfiles)("%j", (text, theirs) => {
    const file = parseDockerfile(text, "Dockerfile");
    if (theirs.error === undefined) expect(file.problems.filter(isTheirs(file))).toEqual([]);
    // a flag that we do not know may be a newer builder's
    else if (!theirs.error.includes("unknown flag")) expect(file.problems).not.toEqual([]);
    if (theirs.instructions === undefined) return;
    // where an escape joins nothing BuildKit has an instruction without a name, and we have a problem
    const named = theirs.instructions.filter(({ keyword }) => keyword !== "");
    expect(file.escape).toBe(theirs.escape);
    expect(file.instructions.map(({ keyword }) => keyword)).toEqual(named.map(({ keyword }) => keyword));
    named.forEach((their, i) => {
      const outer = file.instructions[i]!;
      const our = heldInstruction(outer);
      // ours begin at their first letter, and end where they end: not with the comments or blank lines that end the file
      expect(outer.line).toBeGreaterThanOrEqual(their.lines[0]);
      expect(outer.endLine).toBeLessThanOrEqual(their.lines[1]);
      if (!keywords.includes(our.keyword)) return;
      if (our.keyword !== "HEALTHCHECK") expect(our.form === "exec").toBe(their.json);
      expect(shownFlags(outer).concat(outer === our ? [] : shownFlags(our))).toEqual(their.flags ?? []);
      expect(heredocsOf(our).map(({ name, expand: isExpanded }) => [name, isExpanded])).toEqual(
        (their.heredocs ?? []).map(({ name, expand: isExpanded }) => [name, isExpanded]),
      );
      expect(heredocsOf(our).map(({ content }) => content)).toEqual(
        (their.heredocs ?? []).map(({ content, chomp }) => (chomp ? content.replace(/^\t+/gm, "") : content)),
      );
      if (outer === our) expect(shownWords(our)).toEqual(their.words ?? []);
    });
    const stages = file.stages.map(({ name, image, platform }) => [name ?? "", image, platform ?? ""]);
    if (theirs.stages !== undefined && theirs.error === undefined) expect(stages).toEqual(theirs.stages);
  });
});

/** What an ONBUILD holds, stages that it names, and a file without FROM are refused later than by the parser. */
function isTheirs({ instructions }: Dockerfile) {
  return ({ code, start }: { code: string; start: number }) =>
    code !== "no-from" &&
    code !== "stage-reference" &&
    !instructions.some((each) => each.keyword === "ONBUILD" && each.start <= start && start < each.end);
}

function shownFlags({ flags }: Instruction): string[] {
  return flags.map(({ name, value }) => (value === undefined ? `--${name}` : `--${name}=${value}`));
}

/** As BuildKit's parser cuts them: ENV and LABEL into name, value and what is between. */
function shownWords(instruction: Instruction): readonly string[] {
  const { keyword, words: found, exec, body } = instruction;
  const pairs = pairsOf(instruction);
  if (exec !== undefined) return exec;
  switch (keyword) {
    case "RUN":
    case "CMD":
    case "ENTRYPOINT":
    case "SHELL":
      return body === "" ? [] : [body];
    case "HEALTHCHECK": {
      const type = /^\S*/.exec(body)![0];
      const rest = body.slice(type.length).trimStart();
      const array = rest.startsWith("[") ? tryJson(rest) : undefined;
      return [type, ...(array ?? (rest === "" ? [] : [rest]))].filter((word) => word !== "");
    }
    case "ENV":
    case "LABEL":
      if (pairs.length > 0 && !found[0]!.text.includes("="))
        return [/^[^\t\v\f\r ]*/.exec(body)![0], pairs[0]!.rawValue!, ""];
      return found.flatMap(({ text }) => {
        const equals = text.indexOf("=");
        return [text.slice(0, equals), text.slice(equals + 1), "="];
      });
    default:
      return found.map(({ text }) => text);
  }
}

function tryJson(text: string): string[] | undefined {
  try {
    return JSON.parse(text) as string[];
  } catch {
    return undefined;
  }
}

describe("words", () => {
  test.each(words)("%j with %s", (word, escape, value) => {
    const ours = expand(word, variables, escape, "unset");
    // the shell, for which we expand too, allows `${x/y}`; the builder refuses it, and strange escapes in patterns
    if (value === undefined && /\$\{\w+(?:\/|[#%].*\\)/.test(word)) return;
    // escapes in a replacement stay for the builder, and go for the shell
    if (/\$\{\w+\/.*[\\`]/.test(word)) return;
    expect(ours).toBe(value);
  });
});
