import { describe, expect, test } from "vitest";
import { leftoverCache } from "../../../rules/caches/leftover-cache.ts";
import { leftovers } from "../../../src/knowledge/leftover-files.ts";
import { cachingTools } from "../../../src/knowledge/toolbox.ts";
import { findingsOf, type SubjectSketch } from "../../support/subject.ts";

async function messages(sketch: SubjectSketch): Promise<string[]> {
  return (await findingsOf(leftoverCache, sketch)).map(({ message }) => message);
}

function predicted(run: string): Promise<string[]> {
  return messages({ dockerfile: `FROM a\n${run}\n` });
}

describe("the advice mounts what the command fills", () => {
  const user = "RUN useradd -m app\nUSER app\n";
  test.each([
    ["RUN pip install a", "target=/root/.cache/pip."],
    [`${user}RUN pip install a`, "target=/home/app/.cache/pip,uid=…."],
    [`USER 1000:1000\nRUN npm ci`, "target=…/.npm,uid=1000."],
    [`${user}ENV HOME=/srv\nRUN pip install a`, "target=/srv/.cache/pip,uid=…."],
    ["ENV PIP_CACHE_DIR=/opt/pip\nRUN pip install a", "target=/opt/pip."],
    [
      "ENV GOPATH=/x\nRUN go install example.org/a@latest",
      "target=/root/.cache/go-build --mount=type=cache,target=/x/pkg/mod.",
    ],
    [
      `${user}RUN sudo apt-get update && sudo apt-get install -y a`,
      "target=/var/lib/apt --mount=type=cache,target=/var/cache/apt.",
    ],
  ])("%s", async (lines, target) => {
    const [finding] = await findingsOf(leftoverCache, { dockerfile: `FROM debian:12\n${lines}\n` });
    expect(finding?.advice).toContain(target);
  });

  test("with the layers, too", async () => {
    const [finding] = await findingsOf(leftoverCache, {
      dockerfile: `FROM debian:12\nUSER app\nRUN pip install a\n`,
      layers: [
        "home/ home/app/ home/app/.cache/ home/app/.cache/pip/ home/app/.cache/pip/http/ home/app/.cache/pip/http/a(1MB)",
      ],
    });
    expect(finding?.bytes).toBe(1_000_000);
    expect(finding?.advice).toContain("target=/home/app/.cache/pip,uid=….");
  });

  test("where the advice mounts several folders, the message names them", async () => {
    expect(await predicted("RUN cargo install a")).toEqual([
      "line 2 leaves Cargo's registry in the image (/usr/local/cargo/registry or ~/.cargo/registry)",
    ]);
  });
});

/** For each kind of leftovers: a file of it, and one beside it that is none. */
const inLayers: Readonly<Record<string, readonly [leftover: string, innocent: string]>> = {
  ...Object.fromEntries(cachingTools.map(({ id, example }) => [id, [example.leftover, example.innocent]])),
  temporary: ["tmp/build/x.o", "opt/tmpfiles/x.o"],
  logs: ["var/log/apt/history.log", "var/log/.keep"],
  logins: ["var/log/lastlog", "var/log/lastlog.d/x"],
  crash: ["app/core.1234", "app/node_modules/core/index.js"],
  bytecode: [
    "app/lib2/__pycache__/main.cpython-312.pyc",
    "usr/lib/python3.12/__pycache__/os.cpython-312.pyc",
  ],
  vcs: ["app/.git/objects/pack/x.pack", "app/.gitignore"],
  editor: ["app/.idea/workspace.xml", "app/node_modules/x/.vscode/settings.json"],
  cache: ["root/.cache/node-gyp/20.1.0/include/node.h", "root/.cache/ms-playwright/chromium/chrome"],
};

describe("every record", () => {
  test("has its pair of files here, and names its source", () => {
    const ids = [...cachingTools, ...leftovers].map(({ id }) => id);
    expect(Object.keys(inLayers).toSorted()).toEqual(ids.toSorted());
    for (const { source } of [...cachingTools, ...leftovers]) expect(source).not.toBe("");
  });

  test("every package manager has a command that fills its cache, and every cache a remedy", () => {
    for (const { id, caches, writers, remedies } of cachingTools) {
      expect([id, writers.length]).not.toEqual([id, 0]);
      for (const index of caches.keys())
        expect([id, index, remedies.some(({ clears }) => clears.includes(index))]).toEqual([id, index, true]);
    }
  });

  test.each(Object.entries(inLayers))("%s: finds its leftovers in a layer", async (id, [leftover]) => {
    const [finding, ...rest] = await findingsOf(leftoverCache, {
      dockerfile: "FROM a\nRUN make\n",
      layers: [`${leftover}(200000)`],
    });
    expect(rest).toEqual([]);
    expect(finding).toMatchObject({ bytes: 200_000, evidence: "both", locations: [{ layer: 0 }] });
    expect(finding!.message).toMatch(/^line 2 leaves .* in the image: 200\.0 kB in 1 file/);
    // what a later build or the program itself may want is not pruned
    const tool = cachingTools.find((each) => each.id === id);
    const cache = tool?.caches.find(({ path }) => path.test(leftover));
    const isKept = cache?.maybeWanted === true || ["crash", "bytecode", "vcs", "editor"].includes(id);
    expect(finding!.fixes!.filter(({ operation }) => operation === "prune")).toHaveLength(isKept ? 0 : 1);
    // what `make` runs is not known, so no edit of it is safe
    for (const fix of finding!.fixes!) expect(fix.safety).toBe("unsafe");
  });

  test.each(cachingTools)("$id: predicts what its example leaves, unless that is cleaned", async (tool) => {
    const { example, cleaners, writers } = tool;
    expect(await predicted(`RUN ${example.run}`)).not.toEqual([]);
    for (const { names = tool.names, words } of cleaners)
      expect(await predicted(`RUN ${example.run} && ${[names[0], ...words].join(" ")}`)).toEqual([]);
    for (const flag of writers.flatMap(({ avoidedByFlags = [] }) => avoidedByFlags))
      expect(await predicted(`RUN ${example.run} ${flag}`)).toEqual([]);
  });

  test.each(Object.entries(inLayers))(
    "%s: is silent about what lies beside them",
    async (_, [, innocent]) => {
      expect(await messages({ dockerfile: "FROM a\nRUN make\n", layers: [`${innocent}(200000)`] })).toEqual(
        [],
      );
    },
  );
});

describe("in the layers", () => {
  test("kinds and layers are apart, files of one kind together", async () => {
    const found = await messages({
      dockerfile: "FROM a\nRUN make\nRUN more\n",
      layers: ["tmp/a(100000) tmp/b(100000) root/.npm/_cacache/x(300000)", "tmp/c(500000)"],
    });
    expect(found).toEqual([
      "line 2 leaves npm's cache in the image: 300.0 kB in 1 file (/root/.npm/_cacache/x)",
      "line 2 leaves temporary files in the image: 200.0 kB in 2 files (/tmp/a and 1 more)",
      "line 3 leaves temporary files in the image: 500.0 kB in 1 file (/tmp/c)",
    ]);
  });

  test("what a later layer deletes is not left", async () => {
    expect(
      await messages({
        dockerfile: "FROM a\nRUN make\nRUN rm -rf /tmp/a\n",
        layers: ["tmp/a(100000)", "tmp/.wh.a"],
      }),
    ).toEqual([]);
  });

  test("a hardlink counts once, and one from outside the cache makes the file used", async () => {
    const store = "root/.local/share/pnpm/store/v3/files/00/x";
    const twice = await findingsOf(leftoverCache, { layers: [`${store}(200000) ${store}2≡${store}`] });
    expect(twice.map(({ bytes }) => bytes)).toEqual([200_000]);
    expect(await messages({ layers: [`${store}(200000) app/node_modules/x≡${store}`] })).toEqual([]);
  });

  test("small change is info or silent, empty files cost nothing", async () => {
    const [small, ...rest] = await findingsOf(leftoverCache, {
      layers: ["tmp/a(50000) var/lib/apt/lists/lock(0) var/log/dpkg.log(4095)"],
    });
    expect(rest).toEqual([]);
    expect(small!.severity).toBe("info");
  });

  test("logs that every larger installation writes are info up to 1 MB", async () => {
    const severities = async (layer: string) =>
      (await findingsOf(leftoverCache, { layers: [layer] })).map(({ severity }) => severity);
    expect(await severities("var/log/dpkg.log(999999)")).toEqual(["info"]);
    expect(await severities("var/log/dpkg.log(1000000)")).toEqual([undefined]);
    expect(await severities("var/log/lastlog(292000)")).toEqual(["info"]);
  });

  test.each([
    ["a manual page is no crash dump", "usr/local/share/man/man5/core.5(200kB)"],
    ["pyenv updates its plugins", "root/.pyenv/plugins/pyenv-update/.git/objects/pack/x.pack(5MB)"],
    ["flutter looks into its own .git", "opt/flutter/.git/objects/pack/x.pack(5MB)"],
    [
      "bytecode of programs below /usr is installed",
      "usr/share/glib-2.0/codegen/__pycache__/main.cpython-311.pyc(200kB)",
    ],
    [
      "bytecode of a package of npm is npm's",
      "usr/src/app/node_modules/node-gyp/gyp/__pycache__/x.cpython-311.pyc(200kB)",
    ],
    ["Yarn's cache in a project may be what it runs from", "app/.yarn/cache/lodash-npm-4.zip(5MB)"],
  ])("%s", async (_, layer) => {
    expect(await messages({ layers: [layer] })).toEqual([]);
  });

  test("a cache variable that names the application's folder makes no cache of the application", async () => {
    for (const variable of [
      "PIP_CACHE_DIR=/app",
      "npm_config_cache=/srv/app",
      "YARN_CACHE_FOLDER=/app/.yarn/cache",
    ])
      expect(
        await messages({
          layers: ["app/main.js(2MB) app/.yarn/cache/x.zip(2MB) srv/app/x.js(2MB)"],
          config: { env: [variable] },
        }),
      ).toEqual([]);
  });

  test("a file whose first name went away counts under the one it has", async () => {
    const found = await messages({
      dockerfile: "FROM a\nRUN one\nRUN two\n",
      layers: ["app/x(2MB) root/.cache/uv/x≡app/x", "app/.wh.x"],
    });
    expect(found).toEqual(["line 2 leaves uv's cache in the image: 2.0 MB in 1 file (/root/.cache/uv/x)"]);
  });

  test("a cache that COPY brought is kept out of the COPY, not cleaned in a RUN", async () => {
    const layers = ["root/.npm/_cacache/x(2MB)"];
    const [copied] = await findingsOf(leftoverCache, {
      dockerfile: "FROM a\nCOPY --from=b /root /root\n",
      layers,
    });
    expect(copied?.advice).toContain("Omit it from the COPY");
    const [ran] = await findingsOf(leftoverCache, { dockerfile: "FROM a\nRUN npm ci\n", layers });
    expect(ran?.advice).toContain("npm cache clean --force");
  });

  test("the base image's are one line that fails nothing", async () => {
    const [finding, ...rest] = await findingsOf(leftoverCache, {
      dockerfile: "FROM a\nRUN make\n",
      base: 2,
      layers: ["var/lib/apt/lists/x(5000000)", "root/.cache/pip/x(300000)", "made(1)"],
    });
    expect(rest).toEqual([]);
    expect(finding).toMatchObject({ severity: "info", bytes: 5_300_000 });
  });

  test("a variable of the image moves a cache", async () => {
    const found = await messages({
      layers: ["srv/pip/http/x(200000)"],
      config: { env: ["PIP_CACHE_DIR=/srv/pip"] },
    });
    expect(found).toHaveLength(1);
  });

  test.each([
    ["GOPATH=/gopath", "gopath/pkg/mod/cache/download/x.zip"],
    ["CARGO_HOME=/opt/rust", "opt/rust/registry/cache/index/x.crate"],
    ["GEM_HOME=/opt/gems", "opt/gems/cache/x.gem"],
    ["BUN_INSTALL=/bun", "bun/install/cache/x/index.js"],
    ["MAMBA_ROOT_PREFIX=/opt/env", "opt/env/pkgs/x.conda"],
    ["NPM_CONFIG_CACHE=/npm", "npm/_logs/x.log"],
    ["POETRY_CACHE_DIR=/opt/poetry", "opt/poetry/artifacts/x.whl"],
    ["XDG_CACHE_HOME=/opt/cache", "opt/cache/pypoetry/cache/x"],
  ])("the variable %s moves a cache", async (variable, path) => {
    const layers = [`${path}(200kB)`];
    expect(await messages({ layers, config: { env: [variable] } })).toHaveLength(1);
    expect(await messages({ layers })).toEqual([]);
  });

  test("Poetry's environments beside its cache are what the program runs from", async () => {
    const layers = ["opt/c/pypoetry/virtualenvs/x(2MB) opt/p/virtualenvs/x/bin/python(2MB)"];
    const env = ["POETRY_CACHE_DIR=/opt/p", "XDG_CACHE_HOME=/opt/c"];
    expect(await messages({ layers, config: { env } })).toEqual([]);
  });

  test("conda's packages of a user without write access to the installation", async () => {
    expect(await messages({ layers: ["root/.conda/pkgs/x.conda(2MB)"] })).toHaveLength(1);
  });

  test("other folders of ~/.cache fail nothing, downloads that programs need are silent", async () => {
    const found = await findingsOf(leftoverCache, {
      layers: ["home/me/.cache/fontconfig/x(2MB) home/me/.cache/huggingface/hub/x(2GB) app/.cache/x/y(2MB)"],
    });
    expect(found.map(({ bytes, severity }) => [bytes, severity])).toEqual([[2_000_000, "info"]]);
  });

  test("journals, and the history of anybody's shell, are logs", async () => {
    const [finding, ...rest] = await findingsOf(leftoverCache, {
      layers: ["var/log/journal/x/system.journal(8MB) var/log/syslog.1.gz(1MB) home/me/.bash_history(5kB)"],
    });
    expect(rest).toEqual([]);
    expect(finding).toMatchObject({ bytes: 9_005_000 });
  });

  test("the layers refute a prediction: a base whose apt cleans up after itself", async () => {
    expect(await messages({ dockerfile: "FROM a\nRUN apt-get update\n", layers: ["usr/bin/x(5)"] })).toEqual(
      [],
    );
  });

  test("proven and predicted are one finding", async () => {
    const found = await findingsOf(leftoverCache, {
      dockerfile: "FROM a\nRUN apt-get update\n",
      layers: ["var/lib/apt/lists/x(200000)"],
    });
    expect(found.map(({ evidence }) => evidence)).toEqual(["both"]);
  });

  test("a Dockerfile of another image predicts nothing", async () => {
    const dockerfile = "FROM a\nRUN apt-get update\n";
    expect(
      await messages({ dockerfile, builtFrom: "FROM a\nRUN something else\n", layers: ["x(1)"] }),
    ).toEqual([]);
  });
});

describe("from the Dockerfile alone, a cache is left by", () => {
  test.each([
    ["RUN apt-get update && apt-get install -y curl", "apt's package lists"],
    ["RUN sudo apt-get -qq update", "apt's package lists"],
    ["RUN sh -c 'apt-get update && apt-get install -y x'", "apt's package lists"],
    ["RUN <<EOF\nset -e\napt-get update\napt-get install -y x\nEOF", "apt's package lists"],
    ["RUN rm -rf /var/lib/apt/lists/* && apt-get update", "apt's package lists"],
    ["RUN (apt-get update && rm -rf /tmp/x)", "apt's package lists"],
    ["RUN apt-get update && unzip tool.zip && mv tool /usr/bin/ && rm tool.zip", "apt's package lists"],
    ["RUN apk add curl", "apk's package index"],
    ["RUN apk --update add curl", "apk's package index"],
    ["RUN dnf -y install x", "dnf's metadata"],
    ["RUN microdnf install x", "dnf's metadata"],
    ["RUN zypper --non-interactive in x", "zypper's metadata"],
    ["RUN pip install x", "pip's cache"],
    ["RUN python3.12 -m pip install x", "pip's cache"],
    ["RUN pip3 install -U x", "pip's cache"],
    ["RUN pip install x.whl requests", "pip's cache"],
    ["RUN HOME=/srv pip install x && rm -rf /tmp/*", "pip's cache"],
    ["RUN uv sync", "uv's cache"],
    ["RUN uv pip install x", "uv's cache"],
    ["RUN npm ci && rm -rf /home/node/.config ~/.config", "npm's cache"],
    ["RUN apt-get update && rm -f /var/cache/apt/archives/*.deb", "apt's package lists"],
    ["RUN conda env create -f env.yml", "conda's package cache"],
    ["RUN poetry install", "Poetry's cache"],
    ["RUN npm ci", "npm's cache"],
    ["RUN composer install", "Composer's cache"],
    ["RUN conda install -y numpy", "conda's package cache"],
    ['RUN ["pip", "install", "x"]', "pip's cache"],
    ["RUN pacman -S --noconfirm vim", "pacman's downloaded packages"],
    ["RUN pacman -Sy", "pacman's databases"],
    ["RUN npm ci && npm cache clean --force --cache /x", "npm's cache"],
    ["RUN npm ci && npm cache clean --force --cache=/x", "npm's cache"],
    ["RUN pip install x && pip cache purge --cache-dir /x", "pip's cache"],
    ["RUN yarn install --production && yarn cache clean --cache-folder /x", "Yarn's cache"],
    ["RUN dnf install -y x && dnf clean all --installroot=/mnt", "dnf's metadata"],
    ["RUN zypper -n in x && zypper --root /mnt clean --all", "zypper's metadata"],
    ["RUN pacman -S --noconfirm x && pacman -Scc --sysroot /mnt", "pacman's downloaded packages"],
    ["RUN pacman -S --noconfirm x && pacman -Scc --cachedir /x", "pacman's downloaded packages"],
    ["RUN yarn install --production", "Yarn's cache"],
    ["RUN yarn --pure-lockfile", "Yarn's cache"],
    ["RUN yarn global add serve", "Yarn's cache"],
    ["RUN pnpm add -g serve", "pnpm's metadata cache"],
    ["RUN bun add hono", "Bun's cache"],
    ["RUN gem install --no-document rails", "RubyGems' downloaded packages"],
    ["RUN go build -o /app ./cmd/app", "Go's build cache"],
    ["RUN go mod download", "Go's module cache"],
    ["RUN cargo install --locked ripgrep", "Cargo's registry"],
    ["RUN cargo build --release", "Cargo's registry"],
    ["RUN ./mvnw -B -DskipTests package", "Maven's local repository"],
    ["RUN ./gradlew --no-daemon build", "Gradle's caches"],
    ["RUN dotnet add package Serilog", "NuGet's packages"],
  ])("%s", async (run, what) => {
    const found = await predicted(run);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(`line 2 leaves ${what}`);
  });
});

describe("from the Dockerfile alone, nothing is said about", () => {
  test.each([
    "RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*",
    "RUN apt-get update; apt-get install -y curl; rm -fr /var/lib/apt/lists",
    "RUN apt-get update && apt-get install x && rm -r -f /var/lib/apt/lists/* || true",
    "RUN apt-get update && find /var/lib/apt/lists -type f -delete",
    "RUN apt-get update && rm -rf /var/lib/{apt,dpkg}/lists",
    "RUN apt-get update && cd /var/lib/apt && rm -rf lists",
    "RUN apt-get update && cd $LISTS && rm -rf lists",
    "RUN apt-get update && cd $LISTS && rm -rf ../lists/x",
    "RUN pip install x && cd $ROOT && rm -rf root/.cache",
    "RUN --mount=type=cache,target=/var/lib/apt apt-get update",
    "RUN --mount=type=tmpfs,target=/var/lib/apt/lists apt-get update",
    "RUN --mount=type=cache,target=$CACHE apt-get update",
    "RUN apt-get update && ./scripts/cleanup.sh",
    "RUN apt-get update && docker-clean-all",
    "RUN if [ -f x ]; then apt-get update; fi",
    "RUN apt-get install -y x",
    "RUN apt-get update $(",
    "RUN apk add --no-cache curl",
    "RUN apk add curl && rm -rf /var/cache/apk/*",
    "RUN dnf install x && dnf clean all",
    "RUN yum install -y x && yum clean all && rm -rf /var/cache/yum",
    "RUN zypper in x && zypper clean -a",
    "RUN pip install --no-cache-dir x",
    "RUN PIP_NO_CACHE_DIR=1 pip install x",
    // old versions of pip take any value for a yes
    "RUN PIP_NO_CACHE_DIR=0 pip install x",
    "ENV PIP_CACHE_DIR=/dev/null\nRUN pip install x",
    "RUN npm config set cache /scratch && npm ci",
    "RUN pip install $PIP_OPTIONS x",
    "RUN pip install x && rm -rf ~/.cache",
    "RUN pip install x && pip cache purge",
    "RUN pip --version && pip list",
    "RUN --mount=type=cache,target=/root/.cache pip install x",
    "RUN --mount=type=cache,target=/root/.cache/pip pip install x",
    "RUN PIP_NO_CACHE_DIR=off pip install x",
    "ENV PIP_NO_CACHE_DIR=0\nRUN pip install x",
    "RUN export PIP_NO_CACHE_DIR=1 && pip install x",
    "RUN PIP_NO_CACHE_DIR=1; export PIP_NO_CACHE_DIR; pip install x",
    "RUN pip install --no-index --find-links=/wheels app",
    "RUN pip install /wheels/*.whl",
    "RUN pip config set global.no-cache-dir true\nRUN pip install x",
    "RUN python3 -m pip install x && python3 -m pip cache purge",
    "RUN pip install x && pip cache purge || true",
    "RUN HOME=/tmp pip install x && rm -rf /tmp/*",
    "ENV PIP_CACHE_DIR=/var/pip\nRUN --mount=type=cache,target=/var/pip pip install x",
    "ENV PIP_CACHE_DIR=/var/pip\nRUN pip install x && rm -rf $PIP_CACHE_DIR",
    "RUN export XDG_CACHE_HOME=$(mktemp -d) && pip install x",
    "RUN pip install x && ls -d /x | xargs rm -rf",
    "RUN trap 'rm -rf /root/.cache' EXIT; pip install x",
    "RUN uv pip list && uv tool list && uv venv",
    "ENV COMPOSER_CACHE_DIR=/dev/null\nRUN composer install",
    "RUN composer install && rm -rf ~/.cache",
    "RUN composer install && rm -rf /root/.composer",
    "USER node\nRUN npm ci && rm -rf /home/node/.npm",
    "RUN npm ci --cache /tmp/npm && rm -rf /tmp/npm",
    "RUN npm config set cache /tmp/npm && npm ci",
    "RUN apk add --cache-dir /tmp/apk curl",
    "RUN --mount=type=cache,target=/etc/apk/cache apk add curl",
    "RUN --mount=type=cache,target=/var/cache/libdnf5 dnf install -y x",
    "RUN yum install -y x && rm -rf /var/cache/yum",
    "RUN dnf install -y --installroot /mnt x",
    "RUN apt-get update && apt-get dist-clean",
    'RUN apt-get update && rm -rf "$(find /var/lib -name lists)"',
    "RUN apt-get update && ./setup",
    "RUN apt-get update && install_packages x",
    "RUN conda install x && rm -rf /opt/miniconda3/pkgs",
    "RUN uv sync --no-cache",
    "RUN npm ci && npm cache clean --force",
    "RUN --mount=type=cache,target=/root/.npm npm ci",
    "RUN npm run build && yarn install && go env",
    "RUN yarn install --frozen-lockfile",
    "RUN yarn --production && yarn cache clean",
    "USER app\nRUN --mount=type=cache,target=/home/app/.cache/yarn yarn --prod",
    "RUN yarn --production --cache-folder /tmp/y && rm -rf /tmp/y",
    "RUN pacman -Ss vim && pacman -Qi vim && pacman -Si vim && pacman -U /x.pkg.tar.zst",
    "RUN pacman -Syu --noconfirm vim && yes | pacman -Scc",
    "RUN pacman -Syu --noconfirm vim && rm -rf /var/cache/pacman/pkg/* /var/lib/pacman/sync/*",
    "RUN pacman -S --noconfirm --needed vim",
    "RUN pnpm install --frozen-lockfile",
    "RUN pnpm add -g serve && pnpm store prune",
    "RUN --mount=type=cache,target=/root/.cache/pnpm pnpm add -g serve",
    "RUN bun install",
    "RUN bun add --no-cache hono",
    "RUN bun add hono && bun pm cache rm",
    "RUN bundle install",
    "RUN gem install --local /x.gem",
    "RUN gem install rails && rm -rf /usr/local/bundle/cache/*.gem",
    'RUN gem install rails && rm -rf "$(gem env gemdir)"/cache',
    "ENV GEM_HOME=/g\nRUN gem install rails && rm -rf /g/cache",
    "RUN --mount=type=cache,target=/usr/local/bundle/cache gem install rails",
    "RUN go version && go env GOROOT && go clean -cache",
    "RUN go build ./... && go clean -cache",
    "ENV GOCACHE=/c\nRUN --mount=type=cache,target=/c go build",
    "RUN --mount=type=cache,target=/root/go/pkg/mod go mod download",
    "RUN cargo build --offline",
    "RUN cargo install ripgrep && rm -rf /usr/local/cargo/registry",
    "ENV CARGO_HOME=/cargo\nRUN cargo build && rm -rf /cargo/registry",
    "RUN --mount=type=cache,target=/usr/local/cargo/registry cargo build",
    "RUN mvn -o package",
    "RUN mvn -Dmaven.repo.local=/m package && rm -rf /m",
    "RUN --mount=type=cache,target=/root/.m2 mvn package",
    "RUN mvn package && rm -rf ~/.m2",
    "RUN gradle build",
    "RUN ./gradlew --offline build",
    "RUN ./gradlew build && rm -rf /root/.gradle",
    "RUN dotnet restore && dotnet publish -c Release",
    "RUN dotnet add package Serilog && dotnet nuget locals all --clear",
    "RUN --mount=type=cache,target=/root/.nuget/packages dotnet add package Serilog",
    "RUN conda install x && conda clean -afy",
    'SHELL ["pwsh", "-c"]\nRUN pip install x',
    "ENV PIP_NO_CACHE_DIR=1\nRUN pip install x",
    "ARG PIP_NO_CACHE_DIR\nRUN pip install x",
    "RUN apt-get update\nRUN rm -rf /var/lib/apt/lists/*",
    "RUN pip install x\nFROM b",
  ])("%s", async (run) => {
    expect(await predicted(run)).toEqual([]);
  });
});

describe("what a build leaves beside its result is info", () => {
  test.each([
    ["Cargo's build output", "src/target/release/deps/libserde.rlib"],
    ["Cargo's build output", "app/target/x86_64-unknown-linux-musl/debug/incremental/a/b.bin"],
    ["Gradle's build output", "app/.gradle/8.5/executionHistory/executionHistory.bin"],
    ["Gradle's build output", "app/core/build/classes/java/main/A.class"],
    ["Maven's build output", "app/target/surefire-reports/TEST.xml"],
    ["caches of JavaScript builds", "app/node_modules/.cache/babel-loader/a.json"],
    ["caches of JavaScript builds", "app/.next/cache/webpack/0.pack"],
    ["CMake's build output", "src/build/CMakeFiles/app.dir/main.c.o"],
    ["setuptools' build output", "src/build/temp.linux-x86_64-3.12/a.o"],
    ["MSBuild's intermediate output", "src/obj/Release/net8.0/a.dll"],
  ])("%s: %s", async (what, path) => {
    const found = await findingsOf(leftoverCache, { layers: ["base(1)", `${path}(5MB)`], base: 1 });
    expect(found).toMatchObject([{ severity: "info", bytes: 5_000_000 }]);
    expect(found[0]!.message).toContain(`leaves ${what} in the image`);
    expect(found[0]!.fixes).toEqual([]);
  });

  test("the program itself is in use, by its hardlink, and so are results", async () => {
    const layers = [
      "base(1)",
      "a/target/release/deps/app-1f(5MB) a/target/release/app≡a/target/release/deps/app-1f b/target/app.jar(5MB) b/build/libs/app.jar(5MB) c/.next/static/a.js(5MB) c/build/index.html(5MB)",
    ];
    expect(await findingsOf(leftoverCache, { layers, base: 1 })).toEqual([]);
  });

  test("of a program that the image runs from its build folder, the rest is in use", async () => {
    const layers = ["base(1)", "a/CMakeFiles/x.dir/x.out(5MB)"];
    const config = { cmd: ["/a/CMakeFiles/x.dir/x.out"] };
    expect(await findingsOf(leftoverCache, { layers, base: 1, config })).toEqual([]);
  });
});

describe("build output that the text shows", () => {
  const found = async (text: string) =>
    (await findingsOf(leftoverCache, { dockerfile: `FROM rust:1\nWORKDIR /src\nCOPY . .\n${text}` }))
      .filter(({ message }) => message.includes("build output"))
      .map(({ message, severity }) => `${severity} ${message}`);

  test.each([
    ["RUN cargo build --release && cp target/release/app /usr/local/bin/\n", "cargo build"],
    ["RUN cargo build --release\nRUN install -m 755 target/release/app /usr/bin/app\n", "cargo build"],
    ["RUN cargo install --path .\n", "cargo install"],
  ])("%j", async (text, name) => {
    expect(await found(text)).toEqual([
      `info line 4 builds with ${name}, the result is installed elsewhere, and the build output stays in the image (/src/target)`,
    ]);
  });

  test.each([
    ["RUN ./mvnw -B clean package && cp target/app.jar /app.jar\n", "./mvnw package", "target"],
    ["RUN mvn package -DskipTests\nRUN mv target/app-1.jar /app.jar\n", "mvn package", "target"],
    ["RUN ./gradlew bootJar --no-daemon\nRUN cp build/libs/app.jar /app.jar\n", "./gradlew bootJar", "build"],
  ])("%j", async (text, name, folder) => {
    expect(await found(text)).toEqual([
      `info line 4 builds with ${name.replace("./", "")}, the result is installed elsewhere, and the build output stays in the image (/src/${folder})`,
    ]);
  });

  test.each([
    ["that is run where it lies", 'RUN cargo build --release\nCMD ["/src/target/release/app"]\n'],
    ["of an installed crate", "RUN cargo install ripgrep\n"],
    ["that is deleted", "RUN cargo install --path . && rm -rf target\n"],
    ["that is cleaned", "RUN cargo install --path . && cargo clean\n"],
    ["that may be deleted", "RUN cargo install --path .\nRUN rm -rf $SRC\n"],
    ["in a mount", "RUN --mount=type=cache,target=/src/target cargo install --path .\n"],
    ["in another folder", "ENV CARGO_TARGET_DIR=/t\nRUN cargo install --path .\n"],
    ["in a builder stage", "RUN cargo install --path .\nFROM scratch\nCOPY --from=0 /x /x\n"],
    ["in an image for tests", "RUN cargo install --path .\nFROM rust AS test\nRUN cargo install --path .\n"],
    ["before a script that may delete it", "RUN cargo install --path . && ./slim.sh\n"],
    ["of Maven that is not copied on", "RUN mvn package\n"],
    ["of Maven in another folder", "RUN mvn -f sub/pom.xml package && cp target/app.jar /\n"],
    ["of Gradle that is only tested", "RUN gradle tasks && cp build/libs/app.jar /\n"],
  ])("nothing is said of output %s", async (_, text) => {
    expect(await found(text)).toEqual([]);
  });
});

test("where the base image decides which folder RubyGems uses, the message names the candidates", async () => {
  const messageOf = async (run: string) =>
    (await findingsOf(leftoverCache, { dockerfile: `FROM base\n${run}\n` })).map(({ message }) => message);
  expect(await messageOf("RUN gem install bundler")).toEqual([
    "line 2 leaves RubyGems' downloaded packages in the image (/usr/local/bundle/cache or /var/lib/gems or /usr/local/lib/ruby/gems or /usr/lib/ruby/gems)",
  ]);
  expect(await messageOf("ENV GEM_HOME=/gems\nRUN gem install bundler")).toEqual([
    "line 3 leaves RubyGems' downloaded packages in the image (/gems/cache)",
  ]);
});

test.each([
  ["ENV PIP_CACHE_DIR=/srv/pip\nRUN pip install x\n", "target=/srv/pip."],
  ["RUN pip install x\n", "target=/root/.cache/pip."],
  ["ENV GOPATH=/srv/go\nRUN go mod download\n", "target=/srv/go/pkg/mod."],
])("the advice mounts the folder that the cache is in: %j", async (run, wanted) => {
  const findings = await findingsOf(leftoverCache, { dockerfile: `FROM base:1\n${run}` });
  expect(findings.at(-1)?.advice).toContain(wanted);
});
