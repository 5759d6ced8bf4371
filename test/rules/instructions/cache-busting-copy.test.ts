import { describe, expect, test } from "vitest";
import { cacheBustingCopy } from "../../../rules/instructions/cache-busting-copy.ts";
import { findingsOf, type SubjectSketch } from "../../support/subject.ts";

const find = (sketch: SubjectSketch) => findingsOf(cacheBustingCopy, sketch);
const messages = async (text: string) =>
  (await find({ dockerfile: `FROM base\n${text}\n` })).map(({ message }) => message);

test.each([
  "npm ci",
  "npm install --omit=dev",
  "yarn",
  "yarn install --frozen-lockfile",
  "pnpm install",
  "bun install",
  "pip install --no-cache-dir -r requirements.txt",
  "python3 -m pip install -r requirements/prod.txt",
  "poetry install --no-root",
  "uv sync --frozen",
  "pipenv install --deploy",
  "bundle install",
  "composer install --no-dev",
  "go mod download",
  "cargo fetch",
  "mix deps.get",
])("everything is copied before %s", async (command) => {
  expect(await messages(`WORKDIR /app\nCOPY . .\nRUN cd /app && ${command}`)).toEqual([
    "line 3 copies everything before line 4 installs the dependencies, so a change to any file reinstalls them",
  ]);
});

test("in a builder stage, too, and once for each stage", async () => {
  const dockerfile =
    "FROM node AS b\nADD ./ /app/\nRUN npm ci\nRUN npm install\nFROM node\nCOPY --from=b /app /app\n";
  expect(await find({ dockerfile })).toHaveLength(1);
});

test("the advice names the manifests that are there", async () => {
  const [finding] = await find({
    dockerfile: "FROM node\nCOPY . .\nRUN npm ci\n",
    context: { files: { "package.json": 1, "npm-shrinkwrap.json": 2, "src/package-lock.json": 3 } },
  });
  expect(finding?.advice).toContain("Copy package.json and npm-shrinkwrap.json first");
});

describe("nothing is said", () => {
  test.each([
    ["when the manifest comes first", "COPY package*.json ./\nRUN npm ci\nCOPY . .\nRUN npm ci"],
    ["when the installation comes first", "COPY package.json .\nRUN npm ci\nCOPY . ."],
    ["when only a folder is copied", "COPY src /src\nRUN npm ci"],
    ["when a package is named", "COPY . .\nRUN npm install -g serve && pip install flask && yarn add x"],
    ["when the sources themselves are installed", "COPY . .\nRUN pip install . && go build ./..."],
    ["when a condition decides", "COPY . .\nRUN test -f package.json || npm ci"],
    ["when it comes from a stage", "COPY --from=x . .\nRUN npm ci"],
    ["when the build does not run the stage", "COPY . .\nRUN npm ci\nFROM alpine"],
  ])("%s", async (_, text) => {
    expect(await messages(text)).toEqual([]);
  });
});
