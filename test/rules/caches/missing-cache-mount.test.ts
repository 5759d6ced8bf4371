import { describe, expect, test } from "vitest";
import { missingCacheMount } from "../../../rules/caches/missing-cache-mount.ts";
import { editsOf, unsafeFix } from "../../support/fixes.ts";
import { findingsOf } from "../../support/subject.ts";

const head = "FROM base:1\n";

async function mounted(run: string): Promise<string> {
  const dockerfile = head + run;
  return (await unsafeFix(missingCacheMount, dockerfile)).slice(head.length);
}

const apt =
  "--mount=type=cache,target=/var/lib/apt,sharing=locked --mount=type=cache,target=/var/cache/apt,sharing=locked";
const hook = "rm -f /etc/apt/apt.conf.d/docker-clean";

describe("mounts over every place that the manager writes to, without what would empty them", () => {
  test.each([
    ["RUN npm ci\n", "RUN --mount=type=cache,target=/root/.npm npm ci\n"],
    ["RUN echo MYHOME=1 && npm ci\n", "RUN --mount=type=cache,target=/root/.npm echo MYHOME=1 && npm ci\n"],
    [
      "RUN sudo apt-get update && sudo apt-get install -y git\n",
      `RUN ${apt} sudo ${hook} && sudo apt-get update && sudo apt-get install -y git\n`,
    ],
    ["RUN npm ci && npm cache clean --force\n", "RUN --mount=type=cache,target=/root/.npm npm ci\n"],
    [
      "RUN npm ci && rm -rf ~/.npm && npm test\n",
      "RUN --mount=type=cache,target=/root/.npm npm ci && npm test\n",
    ],
    [
      "RUN npm ci && rm -rf /tmp/x /root/.npm\n",
      "RUN --mount=type=cache,target=/root/.npm npm ci && rm -rf /tmp/x\n",
    ],
    [
      "RUN --network=host pip install x\n",
      "RUN --mount=type=cache,target=/root/.cache/pip --network=host pip install x\n",
    ],
    [
      "ENV PIP_CACHE_DIR=/c/pip\nRUN pip install x\n",
      "ENV PIP_CACHE_DIR=/c/pip\nRUN --mount=type=cache,target=/c/pip pip install x\n",
    ],
    ["RUN <<E\nset -e\nnpm ci\nE\n", "RUN --mount=type=cache,target=/root/.npm <<E\nset -e\nnpm ci\nE\n"],
    [
      "RUN apt-get update && apt-get install -y git\n",
      `RUN ${apt} ${hook} && apt-get update && apt-get install -y git\n`,
    ],
    [
      "RUN apt-get update && apt-get install -y git && apt-get clean && rm -rf /var/lib/apt/lists/*\n",
      `RUN ${apt} ${hook} && apt-get update && apt-get install -y git\n`,
    ],
    [
      "RUN set -ex; \\\n  apt-get update; \\\n  apt-get install -y git; \\\n  rm -rf /var/lib/apt/lists/*\n",
      `RUN ${apt} set -ex; \\\n  ${hook}; apt-get update; \\\n  apt-get install -y git\n`,
    ],
    [
      `RUN ${hook}\nRUN apt-get update && apt-get install -y git\n`,
      `RUN ${hook}\nRUN ${apt} apt-get update && apt-get install -y git\n`,
    ],
    [
      "RUN apk add git\n",
      "RUN --mount=type=cache,target=/var/cache/apk,sharing=locked apk add --update-cache git\n",
    ],
    [
      "RUN apk update && apk add git\n",
      "RUN --mount=type=cache,target=/var/cache/apk,sharing=locked apk update && apk add git\n",
    ],
    [
      "RUN apk add -U git && rm -rf /var/cache/apk/*\n",
      "RUN --mount=type=cache,target=/var/cache/apk,sharing=locked apk add -U git\n",
    ],
    [
      "RUN dnf5 install -y git && dnf5 clean all\n",
      "RUN --mount=type=cache,target=/var/cache/libdnf5,sharing=locked dnf5 install -y git\n",
    ],
    [
      "RUN go build .\n",
      "RUN --mount=type=cache,target=/root/.cache/go-build --mount=type=cache,target=/go/pkg/mod go build .\n",
    ],
    [
      "RUN poetry install\n",
      "RUN --mount=type=cache,target=/root/.cache/pypoetry/cache --mount=type=cache,target=/root/.cache/pypoetry/artifacts poetry install\n",
    ],
    [
      "ENV HOME=/h\nUSER 1000:50\nRUN npm ci\n",
      "ENV HOME=/h\nUSER 1000:50\nRUN --mount=type=cache,target=/h/.npm,uid=1000,gid=50 npm ci\n",
    ],
    [
      "ENV HOME=/h\nUSER 1000\nRUN npm ci\n",
      "ENV HOME=/h\nUSER 1000\nRUN --mount=type=cache,target=/h/.npm,uid=1000 npm ci\n",
    ],
    [
      "USER app\nRUN sudo yum install -y git\n",
      "USER app\nRUN --mount=type=cache,target=/var/cache/yum,sharing=locked --mount=type=cache,target=/var/cache/dnf,sharing=locked sudo yum install -y git\n",
    ],
  ])("%j", async (run, wanted) => {
    expect(await mounted(run)).toBe(wanted);
  });

  test("in builder stages as well, but not in stages that nothing needs", async () => {
    const found = await findingsOf(missingCacheMount, {
      dockerfile: "FROM a AS b\nRUN npm ci\nFROM a AS c\nRUN npm ci\nFROM a\nCOPY --from=b /x /x\n",
    });
    expect(found.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^line 2 downloads with npm/),
    ]);
  });
});

describe("it is found, but no edit is offered", () => {
  test.each([
    ["for a user whose number is not known", "ENV HOME=/h\nUSER app\nRUN npm ci\n"],
    ["for a home that is not known", "USER 1000\nRUN npm ci\n"],
    ["for a home that the script sets", "RUN export HOME=/x && npm ci\n"],
    ["for a home that a line of the script sets", "RUN HOME=/x; npm ci\n"],
    ["for a home that the script hands on with others", "RUN export A=1 HOME=/x && npm ci\n"],
    ["for a place with a comma", "RUN PIP_CACHE_DIR=/c,x pip install y\n"],
    ["for a home that a heredoc sets", "RUN <<E\nset -e\nHOME=/x\nnpm ci\nE\n"],
    ["for a place that depends on the base", "RUN gem install rails\n"],
    [
      "where a later RUN needs apt's lists",
      "RUN apt-get update && apt-get install -y git\nRUN apt-get install -y jq\n",
    ],
    ["where the cleaning cannot be taken out", "RUN npm ci && (npm cache clean --force; npm test)\n"],
    ["where the cleaning does more", "RUN npm ci && find / -name .npm -delete\n"],
    ["in exec form", 'RUN ["npm", "ci"]\n'],
  ])("%s", async (_, run) => {
    const dockerfile = head + run;
    expect(await findingsOf(missingCacheMount, { dockerfile })).not.toEqual([]);
    expect(await editsOf(missingCacheMount, { dockerfile })).toEqual([]);
  });
});

describe("nothing is said", () => {
  test.each([
    ["with a mount", "RUN --mount=type=cache,target=/root/.cache pip install x\n"],
    ["with a tmpfs", "RUN --mount=type=tmpfs,target=/root/.npm npm ci\n"],
    ["with a flag against caches", "RUN pip install --no-cache-dir x\n"],
    ["of an index without an installation", "RUN apt-get update\nRUN apk update && date\n"],
    ["of questions", "RUN npm --version && pip list && apt-get --version\n"],
    ["of installs that fill nothing for sure", "RUN yarn install && pnpm install\n"],
  ])("%s", async (_, run) => {
    expect(await findingsOf(missingCacheMount, { dockerfile: head + run })).toEqual([]);
  });

  test("where the frontend is too old", async () => {
    const text = (version: string) => `# syntax=docker/dockerfile:${version}\nFROM a\nRUN npm ci\n`;
    expect(await findingsOf(missingCacheMount, { dockerfile: text("1.1") })).toEqual([]);
    expect(await findingsOf(missingCacheMount, { dockerfile: text("1.2") })).toHaveLength(1);
  });
});
