import { describe, expect, test } from "vitest";
import { findToolRemoval } from "../../src/edits/tool-removal.ts";
import { subjectOf } from "../support/subject.ts";

/** The command behind `npm ci` that may take a tool away. */
async function removing(after: string, tool = "npm", isSystem = false): Promise<string | undefined> {
  const { dockerfile } = await subjectOf({ dockerfile: `FROM a\nWORKDIR /w\nRUN npm ci && ${after}\n` });
  return findToolRemoval(dockerfile!.steps.at(-1)!.script!.commands.slice(1), tool, isSystem)?.name;
}

describe("npm or its working directory may be removed by", () => {
  test.each([
    ["rm -rf /usr/local/lib/node_modules"],
    ["rm -rf /usr/local/*"],
    ["rm -rf /*"],
    ["rm -rf /"],
    ["rm -rf /etc"],
    ["rm -rf /w"],
    ["rm -rf ."],
    ["rm -rf ../w"],
    ["rm -rf $DIR"],
    ["rm -rf ~/.nvm"],
    ["rm -rf ~/.cachet"],
    ["rm -rf /root"],
    ["rm -rf /root/.config"],
    ["rm -rf /home/app"],
    ["rm -rf /home/app/.nvm/versions"],
    ["rm -rf /srv/bin"],
    ["rm -rf /srv/.nvm"],
    ["rm -f /srv/bin/npm"],
    ["rm -f /srv/sbin/npm"],
    ["rm -f -- /usr/bin/npm"],
    ["unlink /usr/bin/npm"],
    ["rmdir /usr/lib/x"],
    ["shred -u /usr/bin/npm"],
    ["mv /usr/bin/npm /srv"],
    ["mv -t /srv /tmp/x /usr/bin/npm"],
    ["mv --target-directory /srv /usr/bin/npm"],
    ["find / -name npm -delete"],
    ["find /usr/bin -name npm -delete"],
    ["find -H /usr/bin -delete"],
    ["find -L -O3 /usr/bin -name npm -delete"],
    ["find -name npm -delete"],
    ["find /usr -name npm -exec unlink {} ;"],
    ["rm -rf ~"],
    ["rm -rf ~/*"],
    ["rm -rf ~app"],
  ])("%s", async (command) => {
    expect(await removing(command)).toBe(command.split(" ")[0]);
  });

  test("names from a pipe or from find", async () => {
    expect(await removing("ls | xargs rm")).toBe("rm");
    expect(await removing("find /usr -name npm -exec rm {} +")).toBe("find");
  });

  test("the first of several is named", async () => {
    expect(await removing("rm -rf /usr/lib/x && mv /usr/bin/npm /srv")).toBe("rm");
  });
});

describe("npm is not removed by", () => {
  test.each([
    ["rm -rf /tmp/*"],
    ["rm -rf /var/tmp"],
    ["rm -rf /var/cache/x"],
    ["rm -rf /var/lib/apt/lists/*"],
    ["rm -rf /usr/share/doc"],
    ["rm -rf /usr/share/man/man1"],
    ["rm -rf /root/.cache"],
    ["rm -rf /root/app"],
    ["rm -rf /root/.config/x"],
    ["rm -rf /srv/binary"],
    ["rm -rf /srv/root"],
    ["rm -rf /srv/home/app"],
    ["rm -rf /srv/*"],
    ["rm -rf src"],
    ["rm -rf /w/*"],
    ["rm -rf ~/.cache"],
    ["rm -rf ~/.npm/_cacache"],
    ["mv dist /usr/share/app"],
    ["mv -t /usr/share/app dist"],
    ["mv --target-directory=/usr/bin dist"],
    ["find /usr -name x"],
    ["find /usr -name rmx"],
    ["rmx /usr/bin/npm"],
    ["find /tmp -name /usr/bin -delete"],
    ["find -O3 /tmp -delete"],
    ["find /srv ! -path /usr/lib -delete"],
    ["cp /usr/bin/npm /srv"],
    ["$COMMAND"],
  ])("%s", async (command) => {
    expect(await removing(command)).toBeUndefined();
  });
});

test("in a folder that is not known, a dot may be that of the tool", async () => {
  const { dockerfile } = await subjectOf({
    dockerfile: "FROM a\nRUN npm ci && rm -rf x && rm -rf x* && rm -rf x/..\nRUN npm ci && rm -rf .\n",
  });
  const found = dockerfile!.steps.map(({ script }) =>
    findToolRemoval(script!.commands.slice(1), "npm", false),
  );
  expect(found.map((command) => command?.args.at(-1)?.text)).toEqual(["x/..", "."]);
});

test("a package manager takes others away, and those of the system themselves only by name", async () => {
  expect(await removing("apk del git")).toBe("apk");
  expect(await removing("apk del git", "dnf", true)).toBeUndefined();
  expect(await removing("rpm -e dnf", "dnf", true)).toBe("rpm");
  expect(await removing("apt-get purge -y apt:amd64", "apt", true)).toBe("apt-get");
  expect(await removing("rpm -e dnf-data", "dnf", true)).toBe("rpm");
  expect(await removing("rpm -e $X", "dnf", true)).toBe("rpm");
});

describe("npm stays, although the command looks as if it might go", () => {
  test.each([
    ["a find that only names such a program", "find /usr -name farm"],
    ["a program whose name ends in rm", "farm /usr/bin/npm"],
    ["an rm without operands", "rm -f"],
    ["a target folder that is a word of its own", "mv --target-directory /usr/share/app dist"],
    ["a find with a way to follow links", "find -H /tmp -delete"],
    ["a root that ends like an option", "find /srv/x-L -delete"],
    ["a root with a dash", "find /srv/my-app -delete"],
    ["a tilde at the end of a name", "rm -rf /opt~"],
    ["a tilde in a name", "rm -rf /opt~old"],
    ["a star in quotes", "rm -rf '/*x'"],
  ])("%s", async (_, command) => {
    expect(await removing(command)).toBeUndefined();
  });

  test("an unknown program", async () => {
    const { dockerfile } = await subjectOf({ dockerfile: "FROM a\nRUN npm ci && $COMMAND\n" });
    const { commands } = dockerfile!.steps[0]!.script!;
    expect(findToolRemoval(commands.slice(1), "npm", false)).toBeUndefined();
  });
});

describe("npm may go, although the command does not name it", () => {
  test.each([
    ["a wildcard in a first name of the root", "rm -rf /us*"],
    ["everything in a folder of programs", "cd /usr/lib && rm -rf *"],
    ["the second of two that move", "mv dist /usr/bin/npm /srv"],
    ["a folder that the last command runs in", "rm -rf /srv/x && git clone u /srv/x && cd /srv/x && make"],
  ])("%s", async (_, command) => {
    expect(await removing(command)).toMatch(/^(?:rm|mv)$/);
  });
});
