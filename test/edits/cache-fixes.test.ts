import { describe, expect, test } from "vitest";
import { leftoverCache } from "../../rules/caches/leftover-cache.ts";
import { editsOf, fixWith } from "../support/fixes.ts";

const head = "FROM base:1\n";
const forced = async (run: string) =>
  (await fixWith(leftoverCache, { dockerfile: head + run }, true)).slice(head.length);
const described = async (run: string) =>
  (await editsOf(leftoverCache, { dockerfile: head + run })).map(({ description }) => description);

describe("a later RUN that needs what the fix removes", () => {
  test("gets an update and an rm of its own, as the user of its command", async () => {
    const update = "RUN apt-get update && apt-get install -y a";
    expect(await forced(`${update}\nRUN sudo apt-get install -y b\n`)).toBe(
      `${update} && rm -rf /var/lib/apt/lists/*\nRUN sudo apt-get update && sudo apt-get install -y b && sudo rm -rf /var/lib/apt/lists/*\n`,
    );
  });

  test("gets the flag, unless a mount hides the index anyway", async () => {
    const made = "RUN apk update && apk add x\n";
    const later = (type: string) => `RUN --mount=type=${type},target=/var/cache/apk apk add y\n`;
    expect(await forced(made + later("bind"))).toBe(
      `RUN apk add --no-cache x\n${later("bind").replace("add y", "add --no-cache y")}`,
    );
    expect(await forced(made + later("cache"))).toBe(`RUN apk add --no-cache x\n${later("cache")}`);
  });

  test("gets the flag behind an update that may not run", async () => {
    expect(await forced("RUN apk update && apk add x\nRUN (id || apk update) && apk add y\n")).toMatch(
      /^RUN apk add --no-cache x\nRUN \(id \|\| .*\) && apk add --no-cache y\n$/,
    );
  });
});

test("an index that is made again after an rm is removed at the end", async () => {
  const run = "RUN apt-get update && apt-get update && rm -rf /var/lib/apt/lists/* && apt-get update";
  expect(await forced(`${run} && apt-get install -y a\n`)).toBe(
    `${run} && apt-get install -y a && rm -rf /var/lib/apt/lists/*\n`,
  );
});

test("an update whose output goes to a file stays, and its index goes at the end", async () => {
  expect(await forced("RUN apk update > /log && apk update && apk add x\n")).toBe(
    "RUN apk update > /log && apk update && apk add --no-cache x && rm -rf /var/cache/apk/*\n",
  );
});

test.each([
  ["ENV PIP_CACHE_DIR=/srv/pip\nRUN pip install x\n", "mount a cache over /srv/pip in line 3"],
  [
    "ENV GOPATH=/srv/go\nRUN go mod download\n",
    "mount a cache over /root/.cache/go-build and /srv/go/pkg/mod in line 3",
  ],
  ["ENV npm_config_cache=/srv/npm\nRUN npm ci\n", "mount a cache over /srv/npm/_cacache in line 3"],
])("a cache that a variable moved is mounted there: %j", async (run, wanted) => {
  expect(await described(run)).toContain(wanted);
});

describe("a cache that an earlier RUN keeps for later ones", () => {
  const removal = expect.stringMatching(/^append /);
  test.each([
    "RUN mvn dependency:go-offline\nCOPY src src\nRUN mvn package\n",
    "RUN go mod download\nCOPY . .\nRUN go build -o /app\n",
    "RUN cargo fetch\nENV A=b\nRUN true\nRUN cargo build\n",
  ])("is not removed by the last one, which would only hide it: %j", async (run) => {
    expect(await described(run)).not.toContainEqual(removal);
  });

  test.each([
    "RUN mvn package\n",
    "RUN mvn dependency:go-offline\nRUN mvn package\n",
    "RUN mvn -o package\nFROM a\nRUN mvn package\n",
  ])("is removed where no instruction stands between: %j", async (run) => {
    expect(await described(run)).toContainEqual(removal);
  });
});
