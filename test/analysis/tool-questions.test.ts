import { expect, test } from "vitest";
import { cacheAliases, cacheFolderOf, isCacheGlob } from "../../src/analysis/caches/cache-folders.ts";
import { isMounted } from "../../src/analysis/caches/cache-writers.ts";
import { emptiedCaches, writtenCaches } from "../../src/analysis/caches/filled-caches.ts";
import { buildOf } from "../../src/analysis/packages/builds.ts";
import { databaseOf } from "../../src/analysis/packages/databases.ts";
import {
  deletesDownloads,
  isInstallation,
  isRefresh,
  isUpgradeOfAll,
  operationOf,
  questionOf,
} from "../../src/analysis/packages/operation.ts";
import { installedBy, removalOf, removesPackages } from "../../src/analysis/packages/package-removal.ts";
import {
  developmentInstallOf,
  developmentRequirementOf,
  makesFolder,
  manifestsOf,
} from "../../src/analysis/packages/project-installs.ts";
import { fetchesAnew, pathAccessOf, refillsItself } from "../../src/analysis/steps/path-access.ts";
import { toBytes } from "../../src/byte-path.ts";
import { subjectOf } from "../support/subject.ts";

async function stepOf(run: string) {
  const subject = await subjectOf({ dockerfile: `FROM a\nWORKDIR /w\n${run}\n` });
  return subject.dockerfile!.steps.at(-1)!;
}

async function commandOf(run: string) {
  return (await stepOf(`RUN ${run}`)).script!.commands.at(-1)!;
}

test.each([
  ["make", "certain"],
  ["gmake -j4", "certain"],
  ["gcc-12 a.c", undefined],
  ["gcc a.c", "certain"],
  ["./mvnw package", "certain"],
  ["./gradlew build", "certain"],
  ["python3 setup.py install", "certain"],
  ["python3.12 -m pip install numpy", "maybe"],
  ["python3 -m pip install setuptools==70 wheel", undefined],
  ["python3 -m http.server", undefined],
  ["pip install setuptools numpy", "maybe"],
  ["pip install $X", "maybe"],
  ["pip install", "maybe"],
  ["pip list", undefined],
  ["pip", undefined],
  ["bundler install", "maybe"],
  ["npm run build", undefined],
  ["ls", undefined],
])("%s builds: %s", async (run, how) => {
  expect(buildOf(await commandOf(run))).toBe(how);
});

test.each([
  ["apt-get -o a=b remove gcc", true],
  ["aptitude purge gcc", true],
  ["apt-get install gcc", false],
  ["micromamba remove x", true],
  ["yarnpkg remove x", true],
  ["pip3.12 uninstall x", true],
  ["rpm -qe x", true],
  ["dpkg --remove x", true],
  ["apt-cache remove", false],
  ["rm x", false],
])("%s removes packages: %s", async (run, removes) => {
  expect(removesPackages(await commandOf(run))).toBe(removes);
});

test("what one tool removes is not what another one installed", async () => {
  const apk = installedBy(await commandOf("apk add gcc"))!.tool;
  expect(removesPackages(await commandOf("apk del gcc"), apk)).toBe(true);
  expect(removesPackages(await commandOf("npm remove gcc"), apk)).toBe(false);
});

test.each([
  ["yum install -y gcc=1 'Development Tools'", 'yum remove -y gcc "Development Tools"'],
  ["zypper -n in gcc", "zypper --non-interactive remove --clean-deps gcc"],
])("%s is undone by %s", async (run, undo) => {
  const command = await commandOf(run);
  const { tool, packages } = installedBy(command)!;
  expect(removalOf(tool, command, packages)).toBe(undo);
});

test.each(["apt-get build-dep gcc", "dnf builddep gcc", "zypper source-install gcc", "npm install gcc"])(
  "%s installs no package gcc of the distribution",
  async (run) => {
    expect(installedBy(await commandOf(run))).toBeUndefined();
  },
);

test.each([
  ["apt-get update", "refresh"],
  ["apt-get -t stable install x", "install"],
  ["dnf builddep x", "install"],
  ["apk upgrade", "install upgrade"],
  ["apk upgrade x", "install"],
  ["apt-get autoclean", "clean"],
  ["zypper cc", "clean"],
  ["microdnf --setopt x makecache", "refresh"],
  ["apt-get remove x", ""],
])("%s is: %s", async (run, what) => {
  const operation = operationOf(await commandOf(run))!;
  const answers = {
    refresh: isRefresh(operation),
    install: isInstallation(operation),
    upgrade: isUpgradeOfAll(operation),
    clean: deletesDownloads(operation),
  };
  const yes = Object.entries(answers).flatMap(([name, is]) => (is ? [name] : []));
  expect(yes.join(" ")).toBe(what);
});

test.each(["aptitude install x", "npm install x", "apt-cache search x", "apt-get $VERB"])(
  "%s is not an understood operation",
  async (run) => {
    expect(operationOf(await commandOf(run))).toBeUndefined();
  },
);

test.each([
  ["yum install x", true],
  ["microdnf install x", false],
  ["yum -y install x", false],
  ["apt-get update", false],
  ["apk add x", false],
])("%s asks: %s", async (run, asks) => {
  expect(questionOf(operationOf(await commandOf(run))!) !== undefined).toBe(asks);
});

test.each([
  ["npm ci", "package.json"],
  ["npm ci x", undefined],
  ["npm $X", undefined],
  ["yarn", "package.json"],
  ["yarn build", undefined],
  ["go mod download x", "go.mod"],
  ["go mod tidy", undefined],
  ["pnpm fetch", "package.json"],
  ["poetry sync", "pyproject.toml"],
  ["pip install -r requirements.txt", "requirements.txt"],
  ["pip install --requirem=requirements.txt", "requirements.txt"],
  ["uv pip install -r requirements.txt", "requirements.txt"],
  ["python -m pip install -r requirements.txt", "requirements.txt"],
  ["python x.py install -r requirements.txt", undefined],
  ["pip download -r requirements.txt", undefined],
])("%s installs from %s", async (run, manifest) => {
  expect(manifestsOf(await commandOf(run))?.[0]).toBe(manifest);
});

test.each([
  ["npm ci", "npm"],
  ["npm ci --omit=dev", undefined],
  ["npm install x", undefined],
  ["composer install -d /srv", "composer"],
  ["npm ci --prefix /srv", "npm"],
  ["npm ci --prefixes /srv", undefined],
  ["npm ci --x-prefix /srv", undefined],
  ["pnpm fetch", undefined],
  ["pip install x", undefined],
])("%s installs for development: %s", async (run, id) => {
  expect(developmentInstallOf(await commandOf(run))?.tool.id).toBe(id);
});

test("development requirements are recognized by name", async () => {
  const word = developmentRequirementOf(await commandOf("pip install -r requirements-dev.txt"));
  expect(word?.value).toBe("requirements-dev.txt");
  expect(developmentRequirementOf(await commandOf("pip install -r requirements.txt"))).toBeUndefined();
  expect(developmentRequirementOf(await commandOf("cat requirements-dev.txt"))).toBeUndefined();
});

test.each([
  ["yarn", "node_modules", true],
  ["yarn add x", "node_modules", true],
  ["npm", "node_modules", false],
  ["npm run x", "node_modules", false],
  ["cargo build", "target", true],
  ["cargo build", "node_modules", false],
  ["cargo fetch", "target", false],
  ["npm $X", "node_modules", false],
])("%s makes %s: %s", async (run, folder, makes) => {
  expect(makesFolder(await commandOf(run), folder)).toBe(makes);
});

test.each([
  ["var/lib/dpkg/status", "dpkg and apt"],
  ["var/log/apt/history.log", "dpkg and apt logs"],
  ["usr/lib/apk/db/installed", "apk"],
  ["etc/ld.so.cache", "ldconfig"],
  ["usr/lib/sysimage/rpm/rpmdb.sqlite", "rpm"],
  ["var/lib/other", undefined],
])("%s belongs to %s", (path, what) => {
  expect(databaseOf(toBytes(path))).toBe(what);
});

test.each([
  ["var/lib/apt/lists/x", "var/lib/apt/lists"],
  ["var/cache/apt/archives/x", "var/cache/apt"],
  ["var/cache/x", "var/cache"],
  ["srv/var/cache/x", undefined],
  ["srv/app/.cache/pip/x", "srv/app/.cache/pip"],
  [".cache/x/y", ".cache/x"],
  ["srv/x.cache/y", undefined],
  ["home/me/.npm/x/.npm/y", "home/me/.npm"],
  [".npm/_cacache/x", ".npm"],
  ["root/.cache/pip/x", "root/.cache/pip"],
  ["home/me/.npm/_cacache/x", "home/me/.npm"],
  ["root/.m2/repository/x", "root/.m2/repository"],
  ["root/.m2/settings.xml", undefined],
  ["go/pkg/mod/x", "go/pkg/mod"],
  // what is installed lies beside it
  ["usr/local/bundle/cache/x.gem", undefined],
  ["app/node_modules/x", undefined],
])("the cache of %s is mounted at %s", (path, folder) => {
  expect(cacheFolderOf(toBytes(path), false)).toBe(folder);
});

test("a folder is its own cache only if it is said to be a folder", () => {
  expect(cacheFolderOf(toBytes("root/.npm"), true)).toBe("root/.npm");
  expect(cacheFolderOf(toBytes("root/.npm"), false)).toBeUndefined();
});

test("what other linters call leftovers is known where all paths have such a name", () => {
  expect(cacheAliases(["var/lib/apt/lists/x", "root/.cache/pip"].map(toBytes))).toEqual(["DL3009", "DL3042"]);
  expect(cacheAliases(["var/cache/yum/x", "var/cache/libdnf5/x"].map(toBytes))).toEqual(["DL3032", "DL3040"]);
  expect(cacheAliases(["var/lib/apt/lists/x", "opt/x"].map(toBytes))).toBeUndefined();
  expect(cacheAliases(["root/.npm/x"].map(toBytes))).toBeUndefined();
  expect(cacheAliases([])).toBeUndefined();
});

test("only a glob of a whole cache is a cache glob", () => {
  expect(isCacheGlob("/var/lib/apt/lists/*")).toBe(true);
  expect(isCacheGlob("/var/lib/apt/lists")).toBe(false);
  expect(isCacheGlob("/var/lib/apt/lists/x")).toBe(false);
  expect(isCacheGlob("/var/lib/*")).toBe(false);
});

test.each([
  ["RUN yarn install", ["/root/.cache/yarn", "/root/.yarn/berry/cache", "/usr/local/share/.cache/yarn"]],
  ["RUN mvn package", ["/root/.m2/repository"]],
  ["RUN pacman -Syu", ["/var/cache/pacman/pkg"]],
  ["RUN pacman -S vim", ["/var/cache/pacman/pkg"]],
  ["RUN pacman -Q", []],
  ["ENV CARGO_HOME=/c\nRUN cargo fetch", ["/c/registry/cache"]],
  ["RUN uv sync", ["/root/.cache/uv"]],
  ["USER me\nRUN npm ci", []],
  ["RUN make", []],
])("%s fills %j", async (run, paths) => {
  const step = await stepOf(run);
  expect(
    writtenCaches(step.script!.commands[0]!, step)
      .map(({ path }) => path)
      .toSorted(),
  ).toEqual(paths);
});

test.each([
  ["RUN dnf clean all", ["/var/cache/dnf"]],
  ["RUN dnf5 clean all", ["/var/cache/libdnf5"]],
  ["RUN dnf clean metadata", []],
  ["RUN dnf clean all --installroot=/mnt", []],
  ["RUN zypper clean", []],
  ["RUN zypper clean -a", ["/var/cache/zypp"]],
  ["RUN conda clean -afy", ["/opt/conda/pkgs"]],
  ["RUN conda clean -tipy", ["/opt/conda/pkgs"]],
  ["RUN conda clean -i", []],
  ["RUN go clean -modcache", ["/go/pkg/mod"]],
  ["ENV GOMODCACHE=/m\nRUN go clean -modcache", ["/m"]],
  ["RUN go clean -cache", ["/root/.cache/go-build"]],
  // of both one is enough to know
  ["RUN go clean -cache -modcache", ["/go/pkg/mod"]],
  ["RUN go clean", []],
  ["RUN python3 -m pip cache purge", ["/root/.cache/pip"]],
  ["RUN npm cache $X", []],
])("%s empties %j", async (run, paths) => {
  const step = await stepOf(run);
  expect(emptiedCaches(step.script!.commands[0]!, step).map(({ path }) => path)).toEqual(paths);
});

test.each([
  ["type=cache,target=/root/.npm", "~/.npm", true],
  ["type=cache,target=/root", "~/.npm", true],
  ["type=cache,target=/srv", "~/.npm", false],
  ["type=cache,target=/", "~/.npm", true],
  ["type=secret,id=a,target=/root/.npm", "~/.npm", false],
  ["type=ssh,target=/root/.npm", "~/.npm", false],
  ["type=cache,target=$X", "~/.npm", true],
  ["type=cache,target=/var/cache/apt", "/var/cache/apt", true],
  ["type=cache,target=/var/cache", "/var/cache/apt", true],
  ["type=cache,target=/var/cache/apt/archives", "/var/cache/apt", true],
  ["type=cache,target=/var/cache/aptitude", "/var/cache/apt", false],
])("a mount %s lies over %s: %s", async (mount, folder, is) => {
  expect(isMounted(await stepOf(`RUN --mount=${mount} true`), folder)).toBe(is);
});

test.each([
  ["npm ci", "/root/.npm", true],
  ["npm ci --offline", "/root/.npm", false],
  ["npm_config_offline=1 npm ci", "/root/.npm", false],
  ["npm ci $X", "/root/.npm", false],
  ["npm ci", "/root/.cache/pip", false],
  ["apt-get install x", "/var/lib/apt/lists", false],
  ["pacman -Syu", "/var/cache/pacman/pkg", true],
  ["pacman -Syu", "/var/lib/pacman/sync", false],
  ["mvn package", "/root/.m2/repository", false],
])("%s fetches %s again by itself: %s", async (run, path, refills) => {
  expect(refillsItself(await commandOf(run), path)).toBe(refills);
});

test.each([
  ["apt-get update", "/var/lib/apt/lists", true],
  ["apt-get install x", "/var/lib/apt/lists", false],
  ["apt-get update", "/var/cache/apt", false],
  ["apk update", "/var/lib/apt/lists", false],
])("%s fetches %s anew: %s", async (run, path, fetches) => {
  expect(fetchesAnew(await commandOf(run), path)).toBe(fetches);
});

test.each([
  ["apt-get clean", "/var/lib/apt/lists", "no"],
  ["apt-get install clean", "/var/lib/apt/lists", "uses"],
  ["apt-get autoclean", "/var/lib/apt/lists", "uses"],
  ["apt-get clean", "/var/cache/apt/archives", "uses"],
  ["apt-get clean", "/var/lib", "uses"],
  ["gradle build", "/root/.npm", "maybe"],
  ["gradle build", "/root/.gradle", "uses"],
  ["python x.py", "/root/.cache/pip", "maybe"],
  ["bsdtar -xf /a.tar", "/x", "no"],
  ["7z x /a.7z", "/x", "maybe"],
])("%s accesses %s: %s", async (run, path, access) => {
  expect(pathAccessOf(await stepOf(`RUN ${run}`), path)).toBe(access);
});
