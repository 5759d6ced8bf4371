import { describe, expect, test } from "vitest";
import { namesFolder, startNames } from "../../src/analysis/steps/named-folders.ts";
import { subjectOf } from "../support/subject.ts";

async function names(run: string, folder: string, head = "WORKDIR /w\n"): Promise<boolean> {
  const { dockerfile } = await subjectOf({ dockerfile: `FROM a\n${head}RUN ${run}\n` });
  return dockerfile!.steps.at(-1)!.script!.commands.some((command) => namesFolder(command, [folder]));
}

const lists = "/var/lib/apt/lists";

describe("a command may read apt's lists", () => {
  test.each([
    "cat /var/lib/apt/lists/x",
    "cat /var/lib/apt/lists/*",
    "cat '/var/lib/apt/lists/x y'",
    "cat < /var/lib/apt/lists/x",
    "echo /var/lib/apt/lists/*",
    "stat /var/lib/apt/lists",
    "rm -r /var/lib/apt/lists/x",
    "mkdir /var/lib/apt/lists/x",
    "ln -s /var/lib/apt/lists /x",
    "ln -s /var/lib /x",
    "mv /var /x",
    "mv $X /x",
    "cp -r $X /x",
    "cp -a /var/lib/. /x",
    "cp -R ../var /x",
    "cp --recursive /var /x",
    "cat /var/*/apt/lists/x",
    "cat /var/lib/apt/$X",
    "du -s /var",
    "find / -name x",
    "find /v* -name x",
    "tar czf x.tgz /var",
    "tar -c -C/var lib",
    "tar --create --directory=/var lib",
    "zip -r x.zip /",
    "7z a x.7z /var",
    "grep -r x /var",
    "ls -R /",
    "ls -lR /var",
    "cd /var/lib && tar cf /x.tar apt",
    "cd / && du -s",
    "cd /var && ls -R",
    "cd /var/lib/apt/lists && ls",
    "rsync -a /var host:/x",
    "tar xf $(ls /var/lib/apt/lists/x)",
    'sh -c "cp -r /var /x"',
    "sudo tar cf x /var",
  ])("%s", async (run) => {
    expect(await names(run, lists)).toBe(true);
  });

  test.each([
    "find -name x",
    "ln -s * /x",
    "du -s",
    "tar cf x.tar .",
    "cp -r . /x",
    "cp -r var /x",
    "rg x",
    "cp -r * /x",
  ])("%s, where the base image decides about the working folder", async (run) => {
    expect(await names(run, lists, "")).toBe(true);
  });
});

describe("a command leaves apt's lists alone", () => {
  test.each([
    "cat /var/lib/apt/lists2/x",
    "cat /var/lib/apt/extended_states",
    "cat $X",
    "echo /var/lib/apt/lists",
    "rm -rf /var/lib/apt/lists/x",
    "rm -rf /var",
    "mkdir -p /var/lib/apt/lists/partial",
    "chown -R app /var/lib",
    "echo /srv/*",
    "chmod 755 /",
    "ls /var",
    "cd /",
    "cp x /",
    "cp -r src /",
    "cp -r src/* /var/www",
    "cp -r node-$V /opt",
    "cp -r /opt/$X /x",
    "tar xzf x.tgz -C /",
    "tar -C / -xzf x.tgz",
    "tar --extract --directory=/ -f x.tar",
    "tar czf x.tgz src",
    "find /usr/local -name x",
    "find . -name x",
    "du -s src",
    "grep x /var/log",
    "grep -r x src",
    "ln -s $X /y",
    "ln -s /usr/bin/python3 /usr/bin/python",
    "curl https://h/var/lib/apt/lists/x",
    "sed -i s:/var/lib:/x: f",
    "X=/var/lib/apt/lists",
  ])("%s", async (run) => {
    expect(await names(run, lists)).toBe(false);
  });
});

describe("a cache in a home", () => {
  test.each([
    "cp -r ~/.npm /x",
    "cp -r ~/ /x",
    'cp -r "$HOME" /x',
    "cat $HOME/.npm/x",
    "cat ${HOME}/.npm/x",
    "cat /home/app/.npm/x",
    "cat /home/*/.npm/x",
    "tar cf x /home",
    "tar cf x /root",
    "tar cf x /home/app",
    "cat ~app/.npm/x",
  ])("%s may read it", async (run) => {
    expect(await names(run, "~/.npm")).toBe(true);
  });

  test.each(["cat ~/.npmrc", "tar cf x /root/.config", "cp -r ~/src /x", "cp -r /home/app/src/* /x", "ls ~"])(
    "%s leaves it alone",
    async (run) => {
      expect(await names(run, "~/.npm")).toBe(false);
    },
  );

  test("a folder above that is below the home", async () => {
    expect(await names("tar cf x /root/.cache", "~/.cache/pip")).toBe(true);
    expect(await names("tar cf x /srv/app/.cache", "~/.cache/pip")).toBe(true);
    expect(await names("tar cf x /root/.cache/uv", "~/.cache/pip")).toBe(false);
  });
});

test.each([
  ['["tar", "-cz", "/var"]', true],
  ['["sh", "-c", "du -a / > x"]', true],
  ["cat /var/lib/apt/lists/x", true],
  ["ls -R", true],
  ["/usr/bin/du -s /var", true],
  ["cp -r , $X /y", true],
  ["sh -c 'cd /x; du -s /var'", true],
  ["cp -r $X /y", true],
  ['["tar", "-xf", "/x.tar", "-C", "/"]', false],
  ["nginx -g 'daemon off;'", false],
  ["cat /var/lib/dpkg/status", false],
])("the container that starts with %s names it: %s", (text, wanted) => {
  expect(startNames(`CMD ${text}`, "/", [lists])).toBe(wanted);
});
