import { describe, expect, test } from "vitest";
import { leftoverCache } from "../../../rules/caches/leftover-cache.ts";
import { applyEdits } from "../../../src/lint/apply-edits.ts";
import { checkedFix, editsOf, safetyOf } from "../../support/fixes.ts";
import { findingsOf } from "../../support/subject.ts";

const head = "FROM base:1\n";

async function fixed(run: string, unsafe = false): Promise<string> {
  const dockerfile = head + run;
  return (await checkedFix(leftoverCache, dockerfile, unsafe)).slice(head.length);
}

function safety(run: string, layers?: readonly string[]): Promise<string | undefined> {
  return safetyOf(leftoverCache, { dockerfile: head + run, ...(layers === undefined ? {} : { layers }) });
}

describe("the cleaner of the manager at the end of the RUN is safe", () => {
  test.each([
    ["RUN dnf install -y git\n", "RUN dnf install -y git && dnf clean all\n"],
    ["RUN dnf5 -y install git", "RUN dnf5 -y install git && dnf5 clean all"],
    [
      "RUN yum install -y git && git --version\n",
      "RUN yum install -y git && git --version && yum clean all\n",
    ],
    [
      "RUN microdnf install git \\\n    && git --version\n",
      "RUN microdnf install git \\\n    && git --version \\\n    && microdnf clean all\n",
    ],
    ["RUN set -e; tdnf install -y git; id\n", "RUN set -e; tdnf install -y git; id; tdnf clean all\n"],
    ["RUN zypper -n in git\n", "RUN zypper -n in git && zypper clean --all\n"],
    ["RUN npm ci\n", "RUN npm ci && npm cache clean --force\n"],
    [
      "USER node\nRUN npm ci && npm run build\n",
      "USER node\nRUN npm ci && npm run build && npm cache clean --force\n",
    ],
    ["RUN export HOME=/h && npm ci\n", "RUN export HOME=/h && npm ci && npm cache clean --force\n"],
    [
      "RUN npm ci\nRUN npm install -g serve\n",
      "RUN npm ci && npm cache clean --force\nRUN npm install -g serve && npm cache clean --force\n",
    ],
    ["RUN <<E\nset -e\nnpm ci\nE\n", "RUN <<E\nset -e\nnpm ci\nnpm cache clean --force\nE\n"],
    ["RUN NODE_ENV=production npm ci\n", "RUN NODE_ENV=production npm ci && npm cache clean --force\n"],
    ["RUN (cd /srv && npm ci)\n", "RUN (cd /srv && npm ci) && npm cache clean --force\n"],
    ["RUN sh -ec 'cd /srv; npm ci'\n", "RUN sh -ec 'cd /srv; npm ci' && npm cache clean --force\n"],
    ["RUN . /n/env && npm ci\n", "RUN . /n/env && npm ci && npm cache clean --force\n"],
    ["RUN yarn --production\n", "RUN yarn --production && yarn cache clean\n"],
    [
      "RUN dnf install -y git\nRUN echo keepcache=True >> /etc/dnf/dnf.conf\n",
      "RUN dnf install -y git && dnf clean all\nRUN echo keepcache=True >> /etc/dnf/dnf.conf\n",
    ],
    ["RUN nice npm ci\n", "RUN nice npm ci && npm cache clean --force\n"],
    ["RUN env A=1 npm ci\n", "RUN env A=1 npm ci && npm cache clean --force\n"],
    ["RUN { . /n/env; npm ci; }\n", "RUN { . /n/env; npm ci; } && npm cache clean --force\n"],
    ["RUN (. /n/env; id) && npm ci\n", "RUN (. /n/env; id) && npm ci && npm cache clean --force\n"],
    ["RUN export A=1 && (npm ci)\n", "RUN export A=1 && (npm ci) && npm cache clean --force\n"],
    ["RUN (npm ci) && export A=1\n", "RUN (npm ci) && export A=1 && npm cache clean --force\n"],
    [
      "RUN set -e; apt-get update; apt-get install -y a; { id && id; }\n",
      "RUN set -e; apt-get update; apt-get install -y a; rm -rf /var/lib/apt/lists/*; { id && id; }\n",
    ],
    ["RUN (settle && npm ci)\n", "RUN (settle && npm ci) && npm cache clean --force\n"],
    ["RUN (offset && npm ci)\n", "RUN (offset && npm ci) && npm cache clean --force\n"],
    ["RUN npm ci && export A=1\n", "RUN npm ci && export A=1 && npm cache clean --force\n"],
    [
      "RUN export HOME=/h && npm ci && id\n",
      "RUN export HOME=/h && npm ci && id && npm cache clean --force\n",
    ],
    [
      "RUN rm -rf /usr/local/bin/x && npm ci\n",
      "RUN rm -rf /usr/local/bin/x && npm ci && npm cache clean --force\n",
    ],
    ["RUN dnf install -y git && rpm -e gcc\n", "RUN dnf install -y git && rpm -e gcc && dnf clean all\n"],
    ["RUN npm ci && apk del git\n", "RUN npm ci && npm cache clean --force && apk del git\n"],
    ["RUN npm ci && exec date\n", "RUN npm ci && npm cache clean --force && exec date\n"],
    [
      "RUN npm ci && pip install x && dnf install -y y\n",
      "RUN npm ci && pip install --no-cache-dir x && dnf install -y y && dnf clean all && npm cache clean --force\n",
    ],
  ])("%j", async (run, wanted) => {
    expect(await safety(run)).toBe("safe");
    expect(await fixed(run)).toBe(wanted);
  });
});

describe("it is unsafe if only this condition fails", () => {
  test.each([
    ["dnf: list safety", "RUN dnf install -y git; id\n", /without set -e/],
    [
      "dnf: keepcache in the RUN",
      "RUN dnf install -y --setopt=keepcache=1 git\n",
      /line 2 keeps the cache on purpose/,
    ],
    [
      "dnf: keepcache before",
      "RUN echo keepcache=True >> /etc/dnf/dnf.conf\nRUN dnf install -y git\n",
      /line 2 keeps/,
    ],
    [
      "dnf: keepcache before, twice",
      "RUN echo keepcache=1 > /etc/dnf/dnf.conf\nRUN echo keepcache=True > /etc/dnf/dnf.conf\nRUN dnf install -y git\n",
      /line 2 keeps/,
    ],
    ["dnf: one tool", "RUN dnf install -y git && microdnf install jq\n", /dnf and microdnf/],
    ["dnf: root", "USER 1001\nRUN sudo dnf install -y git\n", /the RUN's user is 1001/],
    ["zypper: list safety", "RUN zypper -n in git || true; zypper -n in jq\n", /\|\|/],
    [
      "zypper: packages are kept",
      "RUN zypper mr --keep-packages oss\nRUN zypper -n in git\n",
      /line 2 keeps/,
    ],
    ["npm: list safety", "RUN npm ci; npm test\n", /without set -e/],
    ["npm: the same user", "RUN gosu node npm ci\n", /another user/],
    ["npm: the same HOME", "RUN HOME=/h npm ci\n", /another user, or with another HOME/],
    ["npm: the same HOME afterwards", "RUN npm ci && export HOME=/h\n", /moves the cache or the home/],
    ["npm: the same PATH", "RUN PATH=/n:/bin npm ci\n", /another user, or with another/],
    ["npm: a shell that reads a file", "RUN bash -c '. ~/.nvm/nvm.sh && npm ci'\n", /a shell of its own/],
    ["npm: a login shell", "RUN bash -lc 'npm ci'\n", /a shell of its own/],
    ["npm: a login shell among other options", "RUN bash -elc 'npm ci'\n", /a shell of its own/],
    ["npm: a wrapper around a login shell", "RUN nice bash -lc 'npm ci'\n", /a shell of its own/],
    ["npm: an exit behind it in a list", "RUN npm ci; exit 0\n", /without set -e/],
    ["npm: a subshell that exports", "RUN (export PATH=/n:/bin && npm ci)\n", /a shell of its own/],
    ["yarn: list safety", "RUN yarn --prod & wait\n", /background/],
    ["pnpm", "RUN pnpm add -g serve\n", /pnpm install --offline/],
    ["composer", "RUN composer install\n", /composer install/],
    ["go", "RUN go build -o /app .\n", /a later go command/],
    ["cargo", "RUN cargo build --release\n", /a later cargo command/],
    ["gem", "RUN gem install rails\n", /bundle install --local/],
    ["conda", "RUN mamba install -y numpy\n", /a later conda command/],
    ["bun", "RUN bun add hono\n", /link node_modules/],
    ["maven", "RUN mvn package\n", /a later Maven command/],
    ["gradle", "RUN ./gradlew build\n", /a later Gradle command/],
    ["nuget", "RUN dotnet add package Serilog\n", /a later dotnet command/],
    ["pacman", "RUN pacman -Sy\n", /needs the databases/],
  ])("%s", async (_, run, condition) => {
    expect(await safety(run)).toMatch(condition);
    expect(await fixed(run)).toBe(run);
    expect(await fixed(run, true)).not.toBe(run);
  });

  test.each([
    ["dnf", "/var/cache/dnf", "dnf install -y git", "var/cache/dnf/x(2MB)"],
    ["zypper", "/var/cache/zypp", "zypper -n in git", "var/cache/zypp/x(2MB)"],
    ["npm", "/root/.npm", "npm ci", "root/.npm/_cacache/x(2MB)"],
  ])("%s: a mount, although the layer shows a cache", async (_, target, command, layer) => {
    const run = `RUN --mount=type=cache,target=${target} ${command}\n`;
    expect(await safety(run, [layer])).toMatch(/a mount covers/);
    expect(await safety(run)).toBeUndefined();
  });

  test("yarn from version 2 on, as the layer shows", async () => {
    expect(await safety("RUN yarn\n", ["root/.yarn/berry/cache/x.zip(2MB)"])).toMatch(/version 2/);
    expect(await safety("RUN yarn\n", ["root/.cache/yarn/v6/x/package.json(2MB)"])).toBe("safe");
  });
});

describe("the cleaner runs as the command did", () => {
  test.each([
    ["RUN gosu node npm ci\n", "RUN gosu node npm ci && gosu node npm cache clean --force\n"],
    ["RUN HOME=/h npm ci\n", "RUN HOME=/h npm ci && HOME=/h npm cache clean --force\n"],
    ["RUN sudo -u app npm ci\n", "RUN sudo -u app npm ci && sudo -u app npm cache clean --force\n"],
    ["RUN sudo nice npm ci\n", "RUN sudo nice npm ci && sudo nice npm cache clean --force\n"],
    ["RUN sudo env A=1 npm ci\n", "RUN sudo env A=1 npm ci && sudo env A=1 npm cache clean --force\n"],
    [
      "USER app\nRUN doas yum -y install git\n",
      "USER app\nRUN doas yum -y install git && doas yum clean all\n",
    ],
    ["USER 1001\nRUN dnf install -y git\n", "USER 1001\nRUN dnf install -y git && dnf clean all\n"],
    ["RUN npm ci; exit 0\n", "RUN npm ci && npm cache clean --force; exit 0\n"],
    ["RUN npm ci; exec node x\n", "RUN npm ci && npm cache clean --force; exec node x\n"],
    [
      "RUN if id; then exit 1; fi; npm ci; id\n",
      "RUN if id; then exit 1; fi; npm ci; id && npm cache clean --force\n",
    ],
    [
      "USER app\nRUN sudo yum -y install git\n",
      "USER app\nRUN sudo yum -y install git && sudo yum clean all\n",
    ],
  ])("%j", async (run, wanted) => {
    expect(await fixed(run, true)).toBe(wanted);
  });

  test("nothing is offered if that cannot be written", async () => {
    expect(await editsOf(leftoverCache, { dockerfile: `${head}RUN su app -c 'npm ci'\n` })).toEqual([]);
  });
});

describe("with the image", () => {
  test("the bytes are those that the cleaner takes away", async () => {
    const layers = ["root/.npm/_cacache/x(2MB) root/.npm/_logs/x.log(1MB)"];
    const [fix] = await editsOf(leftoverCache, { dockerfile: `${head}RUN npm ci\n`, layers });
    expect(fix).toMatchObject({ safety: "safe", bytes: 2_000_000 });
  });

  test("a tool that the RUN does not show is not guessed", async () => {
    const layers = ["var/cache/dnf/x(2MB)"];
    expect(await editsOf(leftoverCache, { dockerfile: `${head}RUN ./setup\n`, layers })).toEqual([]);
  });

  test("a layer whose line is guessed gets no edit", async () => {
    const dockerfile = `${head}RUN npm ci\nRUN npm test\n`;
    const history = [{ createdBy: "something else", emptyLayer: false }];
    const layers = ["root/.npm/_cacache/x(2MB)"];
    expect(await editsOf(leftoverCache, { dockerfile, layers, history })).toEqual([]);
  });

  test("a layer of several lines gets no edit: which of them filled the cache is not known", async () => {
    const dockerfile = `${head}RUN npm ci\nRUN npm test\n`;
    const stage = {
      layers: ["root/.npm/_cacache/x(2MB)"],
      config: { labels: { "io.buildah.version": "1.28" } },
      history: [
        { createdBy: "/bin/sh -c npm ci", emptyLayer: true },
        { createdBy: "/bin/sh -c npm test", emptyLayer: false },
      ],
    };
    const [finding] = await findingsOf(leftoverCache, { dockerfile, ...stage });
    expect(finding?.message).toMatch(/^the layer of lines 2 to 3 leaves npm's cache/);
    expect(await editsOf(leftoverCache, { dockerfile, ...stage })).toEqual([]);
  });
});

describe("no remedy removes files that a later RUN of the stage needs", () => {
  const described = async (dockerfile: string) =>
    (await editsOf(leftoverCache, { dockerfile })).map(({ description }) => description);

  test.each([
    ["go", "RUN go mod download\n", "RUN go build -o /app ./...\n"],
    ["cargo", "RUN cargo fetch\n", "RUN cargo build --release --offline\n"],
    ["maven", "RUN mvn dependency:go-offline\n", "RUN mvn -o package\n"],
    ["gradle", "RUN ./gradlew build\n", "RUN ./gradlew --offline installDist\n"],
    ["pnpm", "RUN pnpm add tsx\n", "RUN pnpm install --offline\n"],
    ["npm", "RUN npm ci\n", "RUN npm ci --prefer-offline --prefix /other\n"],
    ["yarn", "RUN yarn global add x\n", "RUN yarn install --offline\n"],
    ["dnf", "RUN dnf install -y a\n", "RUN dnf -C install -y b\n"],
    ["zypper", "RUN zypper in -y a\n", "RUN zypper --no-refresh in -y b\n"],
  ])("%s", async (_, run, later) => {
    expect(await described(head + run)).not.toEqual([]);
    expect(await described(head + run + later)).not.toContainEqual(expect.stringContaining("line 2"));
  });

  test("pacman's databases stay for a later pacman -S, which would fail, or makepkg", async () => {
    const both = "append rm -rf /var/cache/pacman/pkg/* /var/lib/pacman/sync/* to line 2";
    const packages = "append rm -rf /var/cache/pacman/pkg/* to line 2";
    const run = "RUN pacman -Syu --noconfirm git\n";
    expect(await described(head + run)).toContain(both);
    expect(
      await described(`${head}${run}RUN pacman -Syu --noconfirm vim\nRUN pacman -S --noconfirm x\n`),
    ).toContain(both);
    for (const later of ["RUN pacman -S --noconfirm vim\n", "USER me\nRUN cd /tmp/yay && makepkg -si\n"]) {
      const offered = await described(head + run + later);
      expect(offered).toContain(packages);
      expect(offered).not.toContain(both);
    }
  });
});

describe("a cleaner that would be gone at the end of the RUN, or its folder, stands behind the last use", () => {
  test.each([
    [
      "RUN apk add --no-cache nodejs npm && npm ci && apk del npm\n",
      "RUN apk add --no-cache nodejs npm && npm ci && npm cache clean --force && apk del npm\n",
    ],
    [
      "RUN set -eux; npm ci; npm run build; rm -rf /usr/local/lib/node_modules/npm /usr/local/bin/npm\n",
      "RUN set -eux; npm ci; npm run build; npm cache clean --force; rm -rf /usr/local/lib/node_modules/npm /usr/local/bin/npm\n",
    ],
    [
      "RUN cd /src && npm ci && npm run build && mv dist /srv && rm -rf /src\n",
      "RUN cd /src && npm ci && npm run build && npm cache clean --force && mv dist /srv && rm -rf /src\n",
    ],
    [
      "WORKDIR /build\nRUN npm ci \\\n && npm run build \\\n && rm -rf /build\n",
      "WORKDIR /build\nRUN npm ci \\\n && npm run build \\\n && npm cache clean --force \\\n && rm -rf /build\n",
    ],
    [
      "RUN npm ci && mv /usr/local/bin/npm /srv\n",
      "RUN npm ci && npm cache clean --force && mv /usr/local/bin/npm /srv\n",
    ],
    [
      "RUN npm ci && mv -t /srv /usr/local/bin/npm\n",
      "RUN npm ci && npm cache clean --force && mv -t /srv /usr/local/bin/npm\n",
    ],
    [
      "RUN npm ci && mv --target-dir=/srv /usr/local/bin/npm\n",
      "RUN npm ci && npm cache clean --force && mv --target-dir=/srv /usr/local/bin/npm\n",
    ],
    [
      "RUN npm ci && npm uninstall -g npm\n",
      "RUN npm ci && npm cache clean --force && npm uninstall -g npm\n",
    ],
    [
      "RUN dnf install -y git && rpm -e --nodeps dnf\n",
      "RUN dnf install -y git && dnf clean all && rpm -e --nodeps dnf\n",
    ],
  ])("%s", async (before, after) => {
    expect(await fixed(before)).toBe(after);
  });

  test.each([
    [
      "RUN dnf install -y gcc && make && dnf remove -y gcc && rm -rf /tmp/*\n",
      "RUN dnf install -y gcc && make && dnf remove -y gcc && rm -rf /tmp/* && dnf clean all\n",
    ],
    [
      "WORKDIR /app\nRUN npm ci && npm run build && rm -rf src /tmp/x /var/log/*\n",
      "WORKDIR /app\nRUN npm ci && npm run build && rm -rf src /tmp/x /var/log/* && npm cache clean --force\n",
    ],
    [
      "RUN npm ci && npm run build && mv dist /usr/share/app\n",
      "RUN npm ci && npm run build && mv dist /usr/share/app && npm cache clean --force\n",
    ],
    [
      "RUN npm ci && npm run build && mv -t /usr/share/app dist\n",
      "RUN npm ci && npm run build && mv -t /usr/share/app dist && npm cache clean --force\n",
    ],
  ])("a command that removes neither does not matter: %s", async (before, after) => {
    expect(await fixed(before)).toBe(after);
  });

  test("if that is impossible, it is unsafe", async () => {
    for (const run of [
      "npm ci | tee log && rm -rf /usr/local/bin",
      "set -e; npm ci & wait; rm -rf /usr/local/bin",
    ])
      expect(await safety(`RUN ${run}\n`)).toBe("rm may remove npm, or the folder it runs in");
  });
});

describe("a later RUN that needs apt's lists gets an update of its own, and cleans up behind it", () => {
  const made = "RUN apt-get update && apt-get install -y a";
  const rm = "rm -rf /var/lib/apt/lists/*";
  test.each([
    ["RUN apt-get install -y b\n", `RUN apt-get update && apt-get install -y b && ${rm}\n`],
    [
      "RUN id && apt-get install -y b && id\n",
      `RUN id && apt-get update && apt-get install -y b && id && ${rm}\n`,
    ],
    [
      "RUN apt-get install -y b\nRUN ./more\n",
      `RUN apt-get update && apt-get install -y b && ${rm}\nRUN ./more\n`,
    ],
    [
      "RUN apt-get install -y b\nONBUILD RUN apt-get install -y c\n",
      `RUN apt-get update && apt-get install -y b && ${rm}\nONBUILD RUN apt-get install -y c\n`,
    ],
  ])("%j", async (later, wanted) => {
    const run = `${made}\n${later}`;
    expect(await safety(run)).toMatch(/line 3 uses apt-get without an update|ONBUILD/);
    const [fix] = await editsOf(leftoverCache, { dockerfile: head + run });
    expect(applyEdits(head + run, fix!.edits!)).toBe(`${head}${made} && ${rm}\n${wanted}`);
  });

  test("a script behind the last use of them may need them too", async () => {
    const list = "RUN set -e; apt-get update; apt-get install -y a; ./more; ";
    const layers = ["var/lib/apt/lists/x(2MB)"];
    expect(await safety(`${list}{ id && id; }\n`, layers)).toMatch(/a group, in which set -e/);
  });

  test("an ONBUILD that stands before the RUN runs in another build", async () => {
    expect(await safety(`ONBUILD RUN apt-get install -y x\n${made}\n`)).toMatch(/ONBUILD of line 2/);
    expect(await safety(`RUN apt-get install -y x\n${made}\n`)).toBe("safe");
  });
});

test("apt's lists are kept where apt-file has put its own beside them", async () => {
  const run = "RUN apt-get update && apt-get install -y apt-file && apt-file update\n";
  expect(await safety(run)).toMatch(/line 2 keeps the cache on purpose/);
});

test("what a container starts matters by its verb", async () => {
  const run = "RUN apt-get update && apt-get install -y git\n";
  expect(await safety(`${run}CMD ["apt-get", "--version"]\n`)).toBe("safe");
  expect(await safety(`${run}CMD ["apt-get", "install", "x"]\n`)).toMatch(/CMD of line 3/);
});

test("what a container starts may stand before the RUN", async () => {
  const start = 'ENTRYPOINT ["sh", "-c", "apt-get install -y $EXTRA && exec app"]\n';
  expect(await safety(`${start}RUN apt-get update && apt-get install -y git\n`)).toMatch(
    /ENTRYPOINT of line 2/,
  );
});

describe("what stands behind the command that fills a cache", () => {
  test.each([
    ["another word with the name of the home", "RUN npm ci && echo HOME=/x\n"],
    ["a program whose name ends in exit", "RUN npm ci && atexit x\n"],
    ["a package of the system that goes", "RUN dnf install -y git && dnf remove -y gcc\n"],
  ])("does not matter: %s", async (_, run) => {
    expect(await safety(run)).toBe("safe");
  });

  test.each([
    [
      "a home that is exported with another variable",
      "RUN npm ci && export A=1 HOME=/x\n",
      /moves the cache or the home/,
    ],
    ["a home that is declared", "RUN npm ci && declare HOME=/x\n", /moves the cache or the home/],
    [
      "a user of the RUN",
      "USER app\nRUN dnf install -y git\n",
      /the RUN's user is app, who may not be allowed/,
    ],
    ["a user that sudo changes", "RUN sudo dnf install -y git\n", /the base image's user may not be allowed/],
  ])("matters: %s", async (_, run, condition) => {
    expect(await safety(run)).toMatch(condition);
  });

  test("the cleaner gets the sudo of the command", async () => {
    expect(await fixed("USER app\nRUN sudo dnf install -y git\n", true)).toBe(
      "USER app\nRUN sudo dnf install -y git && sudo dnf clean all\n",
    );
    expect(await fixed("RUN sudo -H npm ci\n", true)).toBe(
      "RUN sudo -H npm ci && sudo -H npm cache clean --force\n",
    );
  });
});
