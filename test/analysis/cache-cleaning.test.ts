import { describe, expect, test } from "vitest";
import { mayClean, runsUnknown } from "../../src/analysis/caches/cache-cleaning.ts";
import { isOpaque } from "../../src/analysis/steps/opaque.ts";
import { cachingToolNamed } from "../../src/knowledge/toolbox.ts";
import { subjectOf } from "../support/subject.ts";

async function scriptOf(run: string, head = "") {
  const { dockerfile } = await subjectOf({ dockerfile: `FROM a\n${head}RUN ${run}\n` });
  return { text: dockerfile!.file.text, commands: dockerfile!.steps.at(-1)!.script!.commands };
}

/** Whether a RUN may empty the cache of a tool, with a working directory that is not known unless `head` says it. */
async function empties(tool: string, run: string, head = ""): Promise<boolean> {
  const manager = cachingToolNamed(tool)!;
  const [cache] = manager.caches;
  const { commands } = await scriptOf(run, head);
  return commands.some((command) => mayClean(command, manager, cache!, [cache!.folder]));
}

test("pacman -Scc asks, and --noconfirm takes its default answer, which is no", async () => {
  expect(await empties("pacman", "yes | pacman -Scc")).toBe(true);
  expect(await empties("pacman", "pacman -Scc --noconfirm")).toBe(false);
});

describe("dnf's cache", () => {
  test.each([
    "dnf clean all",
    "rm -rf /var/cache/dnf",
    "rm -rf /var/cache/dnf/",
    "rm -rf /var/cache/dnf//",
    "rm -rf '/var/cache/dnf'",
    'rm -rf "/var/cache/dnf$X"',
    "rm -rf /var/cache/dnf/*",
    "rm -rf /var/cache/dnf/x*",
    "rm -rf /var/cache/*",
    "rm -rf /var/ca*",
    "rm -rf /var/{lib,cache}/dnf",
    "rm -rf /var",
    "rm -rf /",
    "rm -rf /*",
    "rm -rf *",
    "rm -rf $DIR",
    'rm -rf "$(cat list)"',
    "rm -rf .",
    "rm -rf ../cache",
    "rm -rf cache",
    "rm -rf ca*",
    "rm -rf dnf",
    "cd /var && rm -rf cache",
    "cd / && rm -rf var",
    "find /var/cache -name '*.rpm' -delete",
    "ls | xargs rm",
    "mv /var/cache/dnf /x",
  ])("may be emptied by %s", async (run) => {
    expect(await empties("dnf", run)).toBe(true);
  });

  test.each([
    "dnf --installroot=/mnt clean all",
    "dnf install -y x",
    "rm -rf /var/cache/dnfx",
    "rm -rf /var/cache/yum",
    "rm -rf /var/cache/yum/*",
    "rm -rf /var/lib/*",
    "rm -rf /opt/*",
    "rm -rf build",
    "rm -rf che*",
    "cd /opt && rm -rf cache",
    "cp -r /var/cache/dnf /x",
    "deluser app",
    "$COMMAND",
  ])("is not emptied by %s", async (run) => {
    expect(await empties("dnf", run)).toBe(false);
  });
});

describe("npm's cache, in whatever home", () => {
  test.each([
    "npm cache clean --force",
    "rm -rf ~/.npm",
    "rm -rf ~/.npm/_cacache",
    "rm -rf ~/.n*",
    "rm -rf ~",
    "rm -rf ~/",
    "rm -rf ~app/.npm",
    "rm -rf $HOME/.npm",
    "rm -rf ${HOME}/.npm/x",
    "rm -rf $HOME",
    "rm -rf $X/.npm",
    "rm -rf /root",
    "rm -rf /root/.npm",
    "rm -rf /root/.np*",
    "rm -rf /root/.*",
    "rm -rf /home",
    "rm -rf /home/app",
    "rm -rf /home/app/.npm/x",
    "rm -rf /srv/app/.npm",
    "rm -rf /",
    "rm -rf .npm",
    "rm -rf app/.npm root",
    "cd / && rm -rf root",
    "userdel -r app",
  ])("may be emptied by %s", async (run) => {
    expect(await empties("npm", run)).toBe(true);
  });

  test.each([
    "npm cache clean --cache /x --force",
    "npm cache verify",
    "rm -rf ~/.cache",
    "rm -rf $HOME/.config",
    "rm -rf ~/.npmrc",
    "rm -rf /root/x",
    "rm -rf /root/.cache/*",
    "rm -rf /root/.npm-x/*",
    "rm -rf /home/app/x",
    "rm -rf /srv/home",
    "rm -rf /srv/root",
    "rm -rf /usr/local/*",
    "rm -rf build",
    "rm -rf /x/npm*",
  ])("is not emptied by %s", async (run) => {
    expect(await empties("npm", run)).toBe(false);
  });
});

describe("a program that nobody here has read may empty it too", () => {
  test.each([
    "./setup",
    "/build/install",
    "/opt/binary/foo",
    "/opt/cabin",
    "setup.sh",
    "bash setup",
    ". ./env",
    "eval $X",
    "make install",
    "docker-clean",
    "cleanup-x",
    "slimify",
    "$COMMAND",
  ])("%s", async (run) => {
    const { commands, text } = await scriptOf(run);
    expect(commands.some((command) => runsUnknown(command, text))).toBe(true);
  });

  test.each([
    "/usr/bin/foo",
    "/opt/sbin/foo",
    "/bin/foo",
    "./configure",
    "foo",
    "bash -e",
    "git clone https://h/x/foo",
    "cp x /foo",
  ])("but not %s", async (run) => {
    const { commands, text } = await scriptOf(run);
    expect(commands.some((command) => runsUnknown(command, text))).toBe(false);
  });
});

describe("what may use a cache later", () => {
  test.each([
    "./setup",
    "/opt/x/curl",
    "/opt/usr/bin/curl",
    "/usr/bin/x/curl",
    "../bin/curl",
    "my-program",
    ". /x/env",
    "source /x/env",
    "sh setup",
    "sh setup <<E",
    "sh < setup",
    "curl https://h/x | sh",
    "env -S x",
    "$COMMAND",
  ])("%s", async (run) => {
    const { commands } = await scriptOf(run.includes("<<") ? `${run}\nx\nE` : run);
    expect(commands.some(isOpaque)).toBe(true);
  });

  test.each([
    "curl https://h/x",
    "/usr/bin/curl x",
    "/bin/ls",
    "/usr/local/bin/jq",
    "/sbin/ldconfig",
    "env",
    "A=1",
  ])("but not %s", async (run) => {
    const { commands } = await scriptOf(run);
    expect(commands.some(isOpaque)).toBe(false);
  });
});

describe("a cache, and what else stands in the command", () => {
  test.each([
    ["dnf", 'rm -rf "/var"/cache/dnf'],
    ["dnf", "rm -rf /var/cache/"],
    ["dnf", "rm -rf /var/cache//"],
    ["dnf", "rm -rf /var/cache/dnf//*"],
    ["dnf", "rm -rf /var/cache/dnf/x"],
    ["dnf", "rm -rf .x"],
    ["npm", "rm -rf /x/y/.n*"],
  ])("%s's may be emptied by %s", async (tool, run) => {
    expect(await empties(tool, run)).toBe(true);
  });

  test.each([
    ["dnf", "git clean all"],
    ["dnf", "cd /var/cache/dnf && rm -rf /opt/x"],
    ["dnf", "rm -rf root"],
    ["npm", "rm -rf /x/.n"],
    ["npm", "rm -rf /x/.n/*"],
  ])("%s's is not emptied by %s", async (tool, run) => {
    expect(await empties(tool, run)).toBe(false);
  });
});

test.each([
  ["/setup", true],
  ["foo.shx", false],
  ["evaluate x", false],
  ["resource x", false],
  ["A=1 /usr/bin/foo", false],
])("%s runs something unknown: %s", async (run, wanted) => {
  const { commands, text } = await scriptOf(run);
  expect(commands.some((command) => runsUnknown(command, text))).toBe(wanted);
});
