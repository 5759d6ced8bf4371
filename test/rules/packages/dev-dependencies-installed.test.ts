import { describe, expect, test } from "vitest";
import { isForDevelopment } from "../../../src/analysis/for-development.ts";
import { resolveBuild } from "../../../src/build/resolve-build.ts";
import { parseDockerfile } from "../../../src/dockerfile/parse.ts";
import { devDependenciesInstalled } from "../../../rules/packages/dev-dependencies-installed.ts";
import { editsOf, safetyOf, unsafeFix } from "../../support/fixes.ts";
import { findingsOf } from "../../support/subject.ts";

const head = "FROM base:1\n";

describe("the option that leaves development out, never safely", () => {
  test.each([
    ["RUN npm ci\n", "RUN npm ci --omit=dev\n"],
    ["RUN npm install --no-audit --prefix /srv", "RUN npm install --omit=dev --no-audit --prefix /srv"],
    ["RUN pnpm install --frozen-lockfile && id\n", "RUN pnpm install --prod --frozen-lockfile && id\n"],
    ["RUN yarn --frozen-lockfile\n", "RUN yarn --production --frozen-lockfile\n"],
    [
      "RUN yarn install \\\n  # all\n  --non-interactive\n",
      "RUN yarn install --production \\\n  # all\n  --non-interactive\n",
    ],
    ["RUN composer install -n -d /srv\n", "RUN composer install --no-dev -n -d /srv\n"],
    [
      "RUN bundle install --jobs 4\n",
      "RUN bundle config set --local without 'development test' && bundle install --jobs 4\n",
    ],
    ["RUN poetry install --no-root\n", "RUN poetry install --only=main --no-root\n"],
    ["RUN uv sync --locked\n", "RUN uv sync --no-dev --locked\n"],
  ])("%j", async (run, wanted) => {
    const dockerfile = head + run;
    expect(await safetyOf(devDependenciesInstalled, { dockerfile })).toMatch(/may need a package/);
    expect(await unsafeFix(devDependenciesInstalled, dockerfile)).toBe(head + wanted);
  });
});

describe("there is no edit where something builds or tests later, or may", () => {
  test.each([
    "RUN npm ci && npm run build\n",
    "RUN npm ci\nRUN npx tsc -p .\n",
    "RUN npm ci\nRUN ./make-assets\n",
    "RUN composer install\nRUN phpunit\n",
    "RUN bundle install\nRUN bundle exec rake assets:precompile\n",
  ])("%j", async (run) => {
    expect(await findingsOf(devDependenciesInstalled, { dockerfile: head + run })).not.toEqual([]);
    expect(await editsOf(devDependenciesInstalled, { dockerfile: head + run })).toEqual([]);
  });
});

test.each([
  "RUN pip install -r requirements-dev.txt\n",
  "RUN pip3 install -r requirements/test.txt\n",
  "RUN python3 -m pip install '.[dev]'\n",
  "RUN pip install 'app[docs,aws]'\n",
])("requirements that say so: %j", async (run) => {
  const found = await findingsOf(devDependenciesInstalled, { dockerfile: head + run });
  expect(found).toHaveLength(1);
  expect(await editsOf(devDependenciesInstalled, { dockerfile: head + run })).toEqual([]);
});

describe("nothing is said of an image for development or tests", () => {
  const run = "RUN npm ci\n";
  test.each([
    ["by its environment", `FROM node\nENV NODE_ENV=development\n${run}`],
    ["by the name of its stage", `FROM node AS base\nFROM base AS app-dev\n${run}`],
    ["by its base", `FROM mcr.microsoft.com/devcontainers/javascript-node:22\n${run}`],
  ])("%s", async (_, dockerfile) => {
    expect(await findingsOf(devDependenciesInstalled, { dockerfile })).toEqual([]);
  });

  test("another stage of the file does not count", async () => {
    const dockerfile = `FROM node AS test\nRUN id\nFROM node AS latest-device\n${run}`;
    expect(await findingsOf(devDependenciesInstalled, { dockerfile })).toHaveLength(1);
  });

  test.each([
    ["Dockerfile.dev", true],
    ["docker/test.Dockerfile", true],
    ["test/images/agent/Dockerfile", true],
    [".devcontainer/Dockerfile", true],
    ["Dockerfile.device", false],
    ["src/latest/Dockerfile", false],
    ["test/a/b/c/d/Dockerfile", true],
    ["Dockerfile", false],
  ])("by its path: %s", (name, expected) => {
    const view = resolveBuild(parseDockerfile(`FROM node\n${run}`, name), {});
    expect(isForDevelopment(view)).toBe(expected);
  });
});

describe("nothing is said", () => {
  test.each([
    ["of npm with --omit=dev", "RUN npm ci --omit=dev\n"],
    ["of npm with --omit dev", "RUN npm ci --omit dev\n"],
    ["of npm with --only=production", "RUN npm i --only=production\n"],
    ["of production", "ENV NODE_ENV=production\nRUN npm ci\n"],
    ["of production before the command", "RUN NODE_ENV=production npm ci\n"],
    ["of an environment that is not known", "ARG NODE_ENV\nRUN npm ci\n"],
    ["of npm's setting", "RUN npm config set omit dev\nRUN npm ci\n"],
    [
      "of packages by name",
      "RUN npm install express && pnpm install fastify && npm i -g serve && npm install --save lodash && bundle install --jobs 4 x\n",
    ],
    ["where they are pruned", "RUN npm ci && npm run build && npm prune --omit=dev\n"],
    ["where they are pruned in another RUN", "RUN npm ci\nRUN npm prune --production\n"],
    ["where node_modules goes", "RUN npm ci && npm run build && rm -rf node_modules\n"],
    ["of yarn --production", "RUN yarn install --production\n"],
    [
      "of other commands",
      "RUN yarn build && npm run x && pnpm --version && yarn --version && composer dump-autoload\n",
    ],
    ["of pnpm -P", "RUN pnpm i -P\n"],
    ["of composer --no-dev", "RUN composer install --no-dev\n"],
    ["of COMPOSER_NO_DEV", "ENV COMPOSER_NO_DEV=1\nRUN composer install\n"],
    [
      "of composer that installs again without",
      "RUN composer install && phpunit && composer install --no-dev\n",
    ],
    ["of bundler's setting", "RUN bundle config set --local without 'development test' && bundle install\n"],
    ["of BUNDLE_WITHOUT", "ENV BUNDLE_WITHOUT=development\nRUN bundle install\n"],
    ["of poetry --without", "RUN poetry install --without dev\n"],
    ["of uv --no-dev", "RUN uv sync --no-dev\n"],
    ["of options out of a variable", "RUN npm ci $NPM_FLAGS\n"],
    ["of plain requirements", "RUN pip install -r requirements.txt devpi 'app[aws]' pytest\n"],
    ["in builder stages", "RUN npm ci\nFROM scratch\n"],
    ["where it may not run", 'RUN if [ -n "$X" ]; then npm ci; fi\n'],
  ])("%s", async (_, run) => {
    expect(await findingsOf(devDependenciesInstalled, { dockerfile: head + run })).toEqual([]);
  });
});

describe("with the image", () => {
  const keep = devDependenciesInstalled.wantsContent!;
  const lock = (packages: object) => JSON.stringify(JSON.stringify({ lockfileVersion: 3, packages }));
  const npm = { dockerfile: `${head}RUN npm ci\n`, keep };

  test("npm's record shows which packages they are, and their size", async () => {
    const record = lock({
      "node_modules/a": { version: "1" },
      "node_modules/b": { dev: true },
      "node_modules/@s/c": { dev: true },
      "node_modules/a/node_modules/b": { version: "2" },
    });
    const layers = [
      `srv/node_modules/.package-lock.json(${record}) srv/node_modules/a/x.js(9MB) srv/node_modules/b/x.js(2MB) srv/node_modules/@s/c/lib/x.js(1MB) srv/node_modules/a/node_modules/b/x.js(5MB)`,
    ];
    const [finding, ...rest] = await findingsOf(devDependenciesInstalled, { ...npm, layers });
    expect(rest).toEqual([]);
    expect(finding).toMatchObject({ evidence: "both", bytes: 3_000_000, fixes: [{ bytes: 3_000_000 }] });
    expect(finding!.message).toMatch(/installs 2 packages needed only for development \(npm ci\): 3\.0 MB/);
  });

  test("Composer's record as well", async () => {
    const record = JSON.stringify(
      JSON.stringify({ packages: [], dev: true, "dev-package-names": ["p/unit"] }),
    );
    const layers = [
      `srv/vendor/composer/installed.json(${record}) srv/vendor/p/unit/x.php(2MB) srv/vendor/p/other/x.php(3MB)`,
    ];
    const [finding] = await findingsOf(devDependenciesInstalled, {
      dockerfile: `${head}RUN composer install\n`,
      keep,
      layers,
    });
    expect(finding).toMatchObject({ evidence: "both", bytes: 2_000_000 });
  });

  test.each([
    [
      "none is for development",
      `srv/node_modules/.package-lock.json(${lock({ "node_modules/a": {} })}) srv/node_modules/a/x.js(9MB)`,
    ],
    ["there is no record", "srv/node_modules/a/x.js(9MB)"],
    ["the record is damaged", 'srv/node_modules/.package-lock.json("{") srv/node_modules/a/x.js(9MB)'],
  ])("it is silent where %s", async (_, layer) => {
    expect(await findingsOf(devDependenciesInstalled, { ...npm, layers: [layer] })).toEqual([]);
  });
});

describe("an edit that could break the build is not offered", () => {
  test.each([
    ["Yarn 2 refuses --production, and nothing shows which version it is", "RUN yarn install\n"],
    ["Yarn 2 refuses --production", "RUN yarn install --immutable\n"],
    ["Bundler in another shell, with another HOME and PATH", "RUN bash -lc 'bundle install'\n"],
  ])("%s", async (_, run) => {
    const dockerfile = `FROM base:1\n${run}`;
    expect(await findingsOf(devDependenciesInstalled, { dockerfile })).toHaveLength(1);
    expect(await editsOf(devDependenciesInstalled, { dockerfile })).toEqual([]);
  });
});
