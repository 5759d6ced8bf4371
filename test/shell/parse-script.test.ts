import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseDockerfile } from "../../src/dockerfile/parse.ts";
import { resolveBuild } from "../../src/build/resolve-build.ts";
import type { Command, Script } from "../../src/shell/script.ts";

/** The script of the last RUN. */
function scriptOf(text: string): Script {
  const steps = resolveBuild(parseDockerfile(`FROM a\n${text}`, "Dockerfile")).steps;
  return steps.findLast((step) => step.script !== undefined)!.script;
}

function run(body: string): Script {
  return scriptOf(`RUN ${body}`);
}

/** `name args`, `?` before a word of unknown value, in brackets when it is not certain. */
function shown({ name, args, certain }: Command): string {
  const words = [name ?? "?", ...args.map(({ text, value }) => value ?? `?${text}`)].join(" ");
  return certain ? words : `[${words}]`;
}

function commands(body: string): string[] {
  return run(body).commands.map(shown);
}

// A subshell with `set -e` that nobody waits for may end before its second command.
describe("which commands run whenever the RUN succeeds", () => {
  test.each([
    ["a && b && c", ["a", "b", "c"]],
    ["a; b; c", ["a", "b", "c"]],
    ["a && b; c", ["a", "[b]", "c"]],
    ["a || b", ["a", "[b]"]],
    ["a || b && c", ["a", "[b]", "c"]],
    ["a && b || c", ["a", "[b]", "[c]"]],
    ["a && b || exit 1", ["a", "b", "[exit 1]"]],
    ["a && b || { echo no; exit 1; }; c", ["a", "b", "[echo no]", "[exit 1]", "c"]],
    ["a && b || true", ["a", "[b]", "[true]"]],
    ["set -e; a; b && c; d", ["set -e", "a", "b", "[c]", "d"]],
    ["set -eux && a", ["set -eux", "a"]],
    ["a | b && c", ["a", "b", "c"]],
    ["! a && b", ["a", "b"]],
    ["(a && b) && c", ["a", "b", "c"]],
    ["(a && b) || c", ["a", "[b]", "[c]"]],
    ["{ a; b; } && c", ["a", "b", "c"]],
    ["if a; then b; else c; fi; d", ["a", "[b]", "[c]", "d"]],
    ["for f in 1 2; do a $f; done; b", ["[a ?$f]", "b"]],
    ["while a; do b; done", ["[a]", "[b]"]],
    ["case $x in y) a;; esac && b", ["[a]", "b"]],
    ["[ -f x ] && exit 0; a", ["[ -f x ]", "[exit 0]", "[a]"]],
    ["[ -f x ] || exit 3; a", ["[ -f x ]", "[exit 3]", "a"]],
    ["(exit 0); a", ["exit 0", "a"]],
    ["exec a; b", ["a", "[b]"]],
    ["exec > /log; a", ["exec", "a"]],
    ["f() { a; }; f && b", ["[a]", "?", "b"]],
    ["a & b", ["a", "b"]],
    ["(set -e; a; b) || c", ["set -e", "[a]", "[b]", "[c]"]],
  ])("%s", (body, expected) => {
    expect(commands(body)).toEqual(expected);
  });
});

describe("wrappers are seen through", () => {
  test.each([
    ["sudo -u x --preserve-env apt-get update", "apt-get update", ["sudo"]],
    ["sudo A=1 b", "b", ["sudo"]],
    ["env -i A=1 B='2 3' b c", "b c", ["env"]],
    ["/usr/bin/env apt-get update", "apt-get update", ["env"]],
    ["time nice -n 5 a", "a", ["time", "nice"]],
    ["command a", "a", ["command"]],
    ["sh -c 'a b'", "a b", ["sh"]],
    ["bash -o pipefail -lc \"a 'b c'\"", "a b c", ["bash"]],
    ["sudo sh -c 'exec a'", "a", ["sudo", "sh", "exec"]],
    ["su - user -c 'a b'", "a b", ["su"]],
    ["gosu user a b", "a b", ["gosu"]],
    ["timeout -s KILL 10 a", "a", ["timeout"]],
    ["busybox rm x", "rm x", ["busybox"]],
    ["sudo -HEu user -- rm x", "rm x", ["sudo"]],
    ["sudo -i rm x", "rm x", ["sudo"]],
    ["sudo env A=b nice rm x", "rm x", ["sudo", "env", "nice"]],
    ["env -u A -i B=c rm x", "rm x", ["env"]],
    ["env A=b sh -c 'rm x'", "rm x", ["env", "sh"]],
    ["bash -lc 'rm x'", "rm x", ["bash"]],
    ["bash -euxo pipefail -c 'rm x'", "rm x", ["bash"]],
    ["bash -euxoc pipefail 'rm x'", "rm x", ["bash"]],
    ["/bin/sh -xc 'rm x' name arg", "rm x", ["sh"]],
    ["bash --login -c 'rm x'", "rm x", ["bash"]],
    ["runuser -u user -- rm x", "rm x", ["runuser"]],
    ["runuser -l user -c 'rm x'", "rm x", ["runuser"]],
    ["su -s /bin/sh -c 'rm x' user", "rm x", ["su"]],
    ["flock /lock rm x", "rm x", ["flock"]],
    ["tini -- rm x", "rm x", ["tini"]],
    ["sh -c 'sh -c \"rm x\"'", "rm x", ["sh", "sh"]],
  ])("%s", (body, expected, through) => {
    const [command] = run(body).commands;
    expect([shown(command!), command!.through]).toEqual([expected, through]);
  });

  test.each([
    ["env -C /x rm y", undefined],
    ["env --chdir=/x rm y", undefined],
    ["sudo -D /x rm y", undefined],
    ["sudo -iu user rm y", undefined],
    ["su - user -c 'rm y'", undefined],
    ["su user -c 'rm y'", "/w"],
    ["sudo rm y", "/w"],
    ["sudo sh -c 'cd /z && rm y'", "/z"],
  ])("%s runs in %s", (body, cwd) => {
    expect(scriptOf(`WORKDIR /w\nRUN ${body}`).commands.at(-1)).toMatchObject({ name: "rm", cwd });
  });

  test("xargs and find may not run their command at all", () => {
    expect(commands("find / -name x | xargs rm -f")).toEqual(["find / -name x", "[rm -f]"]);
    expect(commands("a | xargs -i rm {}")).toEqual(["a", "[rm {}]"]);
    expect(commands("a | xargs -0rn 1 rm")).toEqual(["a", "[rm]"]);
    expect(commands("find / -name x -exec rm {} +")).toEqual(["find / -name x -exec rm {} +", "[rm {}]"]);
  });

  test("command -v only asks", () => {
    expect(commands("command -v apt-get")).toEqual(["command -v apt-get"]);
  });

  test("eval of literal words is a script, of others it is not understood", () => {
    expect(commands("eval 'rm x'").at(-1)).toBe("rm x");
    expect(run("eval $X").complete).toBe(false);
    expect(run("sh -c $X").complete).toBe(false);
  });

  test("commands in substitutions run too", () => {
    expect(commands('a "$(b c)" `d` <(e)')).toEqual(['a ?"$(b c)" ?`d` ?<(e)', "b c", "d", "e"]);
  });
});

describe("text around commands", () => {
  test.each([
    ["set -ex; for p in a b; do apt-get install $p || { sleep 1; apt-get install $p; }; done; rm x"],
    ["if ! command -v curl; then apt-get install curl; fi && rm x"],
    ["(cd /a && (apt-get install b)) && rm x"],
    ["{ apt-get install a; } > /log 2>&1 && rm x"],
    ['install() { apt-get install "$@"; }; install a; rm x'],
    ["case $A in a|b) apt-get install c ;; *) exit 1 ;; esac; rm x"],
    ["until apt-get install a; do sleep 1; done; rm x"],
    ["while read -r p; do apt-get install $p; done < list; rm x"],
    ["time apt-get install a; rm x"],
    ["apt-get install a || (apt-get update && apt-get install a); rm x"],
    ["x=$(apt-get install a) && rm x"],
    ["a | tee /log | apt-get install a; rm x"],
    ["! apt-get install a; rm x"],
    ["apt-get install a & wait; rm x"],
  ])("%s", (body) => {
    const script = run(body);
    const names = script.commands.map(({ name }) => name);
    expect(names).toContain("apt-get");
    expect(names.at(-1)).toBe("rm");
    expect(script.complete).toBe(true);
  });

  test("a trap that cleans up runs in the end: nothing may be concluded from what is absent", () => {
    expect(run("trap 'rm -rf x' EXIT; a").complete).toBe(false);
    expect(run("trap 'apt-get clean' 0; a").complete).toBe(false);
    expect(run('trap "$CLEANUP" EXIT; a').complete).toBe(false);
    expect(run("trap - EXIT; trap '' INT; trap 'echo failed' ERR; a").complete).toBe(true);
  });

  test("a comment behind a command takes the rest of the joined line", () => {
    expect(commands("a # note \\\n && b")).toEqual(["a"]);
    expect(commands("a && \\\n# note\n  b")).toEqual(["a", "b"]);
  });
});

describe("values", () => {
  test("quotes are removed, globs stay", () => {
    const [command] = run(`rm -rf "a b"'c' /tmp/* '*' \\*`).commands;
    expect(command!.args.map(({ value, glob }) => [value, glob])).toEqual([
      ["-rf", false],
      ["a bc", false],
      ["/tmp/*", true],
      ["*", false],
      ["*", false],
    ]);
  });

  test("ENV, ARG and certain assignments are filled in, others are unknown", () => {
    const text = `ENV A=/a\nARG B=b\nARG C\nRUN X=/x; rm $A/$B $X "\${X}y" $C $D \${A%a}z $1 $(e) {p,q}`;
    const command = scriptOf(text).commands.at(-2)!;
    expect(command.args.map(({ value }) => value)).toEqual([
      "/a/b",
      "/x",
      "/xy",
      undefined,
      undefined,
      "/z",
      undefined,
      undefined,
      undefined,
    ]);
    expect(run("[ x ] && X=1; rm $X").commands.at(-1)!.args[0]!.value).toBeUndefined();
    expect(
      run("X='a b'; rm $X \"$X\"")
        .commands.at(-1)!
        .args.map(({ value }) => value),
    ).toEqual([undefined, "a b"]);
    expect(run("for X in a; do X=1; done; X=2; . f; rm $X").commands.at(-1)!.args[0]!.value).toBeUndefined();
  });

  test("assignments and redirects", () => {
    const [command] = run("A=1 B='2' c > /f 2>> \"/g h\" < $X").commands;
    expect(command!.assignments.map(({ name, value }) => [name, value])).toEqual([
      ["A", "1"],
      ["B", "2"],
    ]);
    expect(command!.redirects.map(({ operator, target }) => [operator, target?.value])).toEqual([
      [">", "/f"],
      ["2>>", "/g h"],
      ["<", undefined],
    ]);
  });
});

describe("the working directory", () => {
  test.each([
    ["cd /x && a", "/x"],
    ["cd x && cd ../y && a", "/w/y"],
    ["(cd /x); a", "/w"],
    ["cd /x | b; a", "/w"],
    ["cd $NOPE && a", undefined],
    ["cd && a", undefined],
    ["cd - ; a", undefined],
    ["[ b ] && cd /x; a", undefined],
    ["pushd /x && popd && a", undefined],
    ["for d in 1 2; do a; cd x; done", undefined],
    ["sh -c 'cd /x && a'", "/x"],
  ])("%s", (body, cwd) => {
    const script = scriptOf(`WORKDIR /w\nRUN ${body}`);
    expect(script.commands.find(({ name }) => name === "a")!.cwd).toBe(cwd);
  });

  test("is unknown where the base image decides", () => {
    expect(run("a").commands[0]!.cwd).toBeUndefined();
  });
});

describe("the forms of RUN", () => {
  test("the exec form runs one command, or a shell's script", () => {
    expect(commands('["apt-get", "install", "a b"]')).toEqual(["apt-get install a b"]);
    expect(run('["/bin/bash", "-ec", "a \\"b\\" && c"]')).toMatchObject({ shell: "posix", complete: true });
    expect(commands('["/bin/bash", "-ec", "a \\"b\\" && c"]')).toEqual(["a b", "c"]);
  });

  test("a heredoc alone is the script", () => {
    expect(commands("<<EOF\nset -e\na\nb\nEOF")).toEqual(["set -e", "a", "b"]);
    expect(commands("<<-'E F'\n\ta\n\tE F")).toEqual(["a"]);
  });

  test("its shebang decides which shell reads it", () => {
    expect(commands("<<EOF\n#!/bin/bash -e\na\nEOF")).toEqual(["a"]);
    expect(run("<<EOF\n#!/usr/bin/env python3\nimport os\nEOF")).toMatchObject({
      shell: "other",
      complete: false,
    });
  });

  test("a heredoc into a shell is a script, into another command it is not", () => {
    expect(commands("bash -e <<EOF\nrm x\nEOF")).toEqual(["bash -e", "rm x"]);
    expect(commands("cat <<EOF > /f && b\nrm x\nEOF")).toEqual(["cat", "b"]);
  });

  test.each([
    ['["cmd", "/S", "/C"]', "other"],
    ['["powershell", "-Command"]', "other"],
    ['["/bin/bash", "-o", "pipefail", "-c"]', "posix"],
    ['["/usr/bin/fish", "-c"]', "other"],
    ['["pwsh", "-Command"]', "other"],
    ['["C:\\\\Windows\\\\System32\\\\cmd.exe", "/c"]', "other"],
    ['["/bin/bash", "-euxo", "pipefail", "-c"]', "posix"],
    ['["/usr/bin/env", "bash", "-c"]', "posix"],
    ['["/bin/bash"]', "other"],
  ])("SHELL %s", (shell, expected) => {
    expect(scriptOf(`SHELL ${shell}\nRUN a`)).toMatchObject({
      shell: expected,
      complete: expected === "posix",
    });
  });
});

describe("Windows", () => {
  test.each([
    ["a base by name", "FROM mcr.microsoft.com/windows/servercore:ltsc2022"],
    ["a tag of an official image", "FROM python:3.12-windowsservercore-ltsc2022"],
    ["nanoserver", "FROM golang:1.22-nanoserver"],
    [".NET Framework", "FROM mcr.microsoft.com/dotnet/framework/sdk:4.8"],
    ["a base by ARG", "ARG B=nanoserver\nFROM mcr.microsoft.com/windows/$B:1809"],
    ["a platform", "FROM --platform=windows/amd64 a"],
    ["a stage from such a one", "FROM golang:1-nanoserver AS b\nFROM b"],
    ["a base that is not known, and the backtick", "# escape=`\nARG B\nFROM $B"],
    ["cmd as the shell of another RUN", 'FROM a\nRUN cmd /c dir\nRUN ["x"]'],
    ["a path with a drive", "FROM a\nWORKDIR C:\\app"],
    ["a drive and slashes", "FROM a\nWORKDIR C:/app"],
    ["PowerShell in a RUN", "FROM a\nRUN powershell -Command Get-Item x"],
    ["PowerShell in the exec form", 'FROM a\nRUN ["powershell.exe", "Get-Item"]'],
  ])("%s", (_, text) => {
    const steps = resolveBuild(parseDockerfile(`${text}\nRUN npm ci; rm x`, "D")).steps;
    expect(steps.at(-1)!.script).toMatchObject({ shell: "other", complete: false, commands: [] });
  });

  test.each([
    ["the backtick alone", "# escape=`\nFROM a"],
    ["a platform that is another", "FROM --platform=linux/amd64 a-windows-b"],
    ["PowerShell for Linux", "FROM a\nRUN pwsh -Command x"],
    ["a name that only looks like it", "FROM windowsmanager/x11"],
  ])("not %s", (_, text) => {
    const steps = resolveBuild(parseDockerfile(`${text}\nRUN npm ci; rm x`, "D")).steps;
    expect(steps.at(-1)!.script).toMatchObject({ shell: "posix", complete: true });
  });

  test("SHELL is followed there and back, into stages too", () => {
    const text =
      'FROM a AS b\nSHELL ["powershell", "-Command"]\nRUN x; y\nFROM b\nRUN x\nSHELL ["/bin/sh", "-c"]\nRUN x';
    const { stages } = resolveBuild(parseDockerfile(text, "D"));
    const shells = stages.flatMap(({ steps }) => steps.flatMap(({ script }) => script?.shell ?? []));
    expect(shells).toEqual(["other", "other", "posix"]);
  });

  test.each([
    "#!/usr/bin/env pwsh",
    "#!/usr/bin/python3",
    "#!/usr/bin/env -S node --x",
    "#!/usr/bin/perl -w",
  ])("a heredoc with %s is left alone", (shebang) => {
    expect(run(`<<EOF\n${shebang}\nrm x\nEOF`)).toMatchObject({ shell: "other", commands: [] });
  });

  test("a heredoc for another program is no script", () => {
    expect(commands("python3 <<EOF\nrm x\nEOF")).toEqual(["python3"]);
    expect(commands("<<EOF python3\nrm x\nEOF")).toEqual(["python3"]);
    expect(commands("<<EOF sh -e\nrm x\nEOF")).toEqual(["sh -e", "rm x"]);
  });
});

describe("offsets", () => {
  test.each([
    ["continuations and comments", "RUN a && \\\n  # why\n  rm -rf \\\n   /x"],
    ["CRLF", "RUN a && \\\r\n  rm -rf \\\r\n   /x"],
    ["the exec form", 'RUN ["sh", "-c", "a && rm -rf /x"]'],
    ["sh -c over lines", "RUN sh -c 'a && \\\n rm -rf /x'"],
    ["a heredoc", "RUN <<EOF\na\nrm -rf /x\nEOF"],
    ["a chomped heredoc into a shell", "RUN sh <<-EOF\n\ta\n\t\trm -rf /x\n\tEOF"],
  ])("of a word, through %s", (_, text) => {
    const file = `FROM a\n${text}`;
    const rm = scriptOf(text).commands.find(({ name }) => name === "rm")!;
    expect(file.slice(rm.args[1]!.start, rm.args[1]!.end)).toBe("/x");
    expect(file.slice(rm.start, rm.end)).toMatch(/^rm -rf[^]*\/x$/);
  });

  test("with the backtick as escape, comments and command substitution", () => {
    const text = "# escape=`\nFROM a\nRUN a `\n# why `\n\n && b $(c) `  \n && rm x\n";
    const [step] = resolveBuild(parseDockerfile(text, "Dockerfile")).steps;
    const { commands: found, complete } = step!.script!;
    expect([complete, found.map(({ name }) => name)]).toEqual([true, ["a", "b", "c", "rm"]]);
    expect(text.slice(found[3]!.start, found[3]!.end)).toBe("rm x");
  });

  test("with the backtick as escape", () => {
    const text = "# escape=`\nFROM a\nRUN a && `\n rm x\n";
    const [step] = resolveBuild(parseDockerfile(text, "Dockerfile")).steps;
    const rm = step!.script!.commands[1]!;
    expect(text.slice(rm.start, rm.end)).toBe("rm x");
  });
});

describe("size and garbage", () => {
  test("20,000 commands", () => {
    expect(run(Array.from({ length: 20_000 }, (_, i) => `a ${i}`).join(" && ")).commands).toHaveLength(
      20_000,
    );
  });

  test("deep nesting is not understood, and does not throw", () => {
    expect(run(`${"(".repeat(5000)}a${")".repeat(5000)}`).complete).toBe(false);
    expect(run(`${"$(".repeat(5000)}a${")".repeat(5000)}`).complete).toBe(false);
  });

  test("a syntax error is not complete", () => {
    expect(run("if a; then b").complete).toBe(false);
    expect(run("echo 'x").complete).toBe(false);
  });

  test("any text, without throwing; ranges stay inside", () => {
    const piece = fc.oneof(
      fc.constantFrom(
        ..."a|rm -rf |&& |; |'|\"|$(|)|(|{ |}|`|$X|${X|\\|<<EOF|> |2>&1|| |if |then |fi|for x in |do |done|case |esac|sh -c |\\\n|\nEOF\n|cd /x|*".split(
          "|",
        ),
      ),
      fc.string({ maxLength: 4 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        const text = `FROM a\nRUN ${pieces.join("")}`;
        for (const step of resolveBuild(parseDockerfile(text, "Dockerfile")).steps) {
          for (const { start, end } of step.script?.commands ?? []) {
            expect(start).toBeGreaterThanOrEqual(step.instruction.start);
            expect(end).toBeLessThanOrEqual(step.instruction.end);
            expect(end).toBeGreaterThanOrEqual(start);
          }
        }
      }),
      { seed: 20261124, numRuns: 1000 },
    );
  });
});
