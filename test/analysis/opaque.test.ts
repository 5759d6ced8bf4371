import { describe, expect, test } from "vitest";
import { isOpaque, startsOpaque } from "../../src/analysis/steps/opaque.ts";
import { subjectOf } from "../support/subject.ts";

async function opaque(run: string): Promise<boolean> {
  const { dockerfile } = await subjectOf({ dockerfile: `FROM a\nRUN ${run}\n` });
  return dockerfile!.steps[0]!.script!.commands.some(isOpaque);
}

describe("runs code that the text does not show", () => {
  test.each(
    "make|make -C x|npm run build|npm test|npx x|yarn build|yarn run x|yarn workspaces foreach run x|pnpm build|pnpm -r build|bun run x|bunx x|tox|rake db:migrate|ninja|scons|gradle build|./gradlew build|bazel build //x|cmake --build .|cmake ..|meson setup x|go generate ./...|go run .|go test ./...|cargo run|cargo test|node x.js|node -r ./x y.js|python x.py|python3.12 -m x|python -m pip run|python|perl x|perl -e 1|ruby x|php artisan x|java -jar x.jar|bundle exec x|composer run-script x|poetry run x|uv run x|uvx x|uv tool run x|dotnet run|dotnet x.dll|mvn exec:java|mvn package exec:java|mvn -q $GOAL|just x|playwright install-deps|configure|./x|/opt/x/run|bin/x|bash x.sh|bash my-x <<E\nid\nE\n|. ./env /etc/os-release|sh|. ./env|source $X|$X y|`x`|chroot / x|env -S x|/opt/usr/bin/curl x|./npm ci|npm $X|pip $X|awk 'BEGIN { system(\"x\") }'|python -c 'import os; os.system(\"x\")'|node -e \"require('child_process')\"".split(
      "|",
    ),
  )("%s", async (run) => {
    expect(await opaque(run)).toBe(true);
  });
});

describe("shows what it does", () => {
  test.each(
    "apt-get install -y x|apk add x|dnf install x|pip install x|pip3.12 install -r x|python3.12 -m pip install x|python -m venv x|/opt/venv/bin/pip install x|npm ci|npm config set x y|npm cache clean --force|npm|yarn|yarn --frozen-lockfile|yarn install|yarn global add x|pnpm install|pnpm fetch|bun install|composer install|composer global require x|bundle install|bundle config set x y|cargo build --release|cargo +nightly build|go mod download|go build ./...|mvn package|mvn -B clean package|dotnet restore|dotnet publish -c Release|dotnet tool install x|uv sync|uv pip install x|uv tool install x|poetry install|conda install x|gem install x|nvm install 22|rustup target add x|corepack enable|docker-php-ext-install x|pecl install x|mkdir x|useradd x|sed -i x y|curl x | tar x|ln -s x y|chmod x y|git clone x|locale-gen|update-ca-certificates|systemctl enable x|a2enmod x|gcc x.c|gcc-12 x.c|clang++-15 x|cython x|awk '{ print $1 }' x|php -r 'copy(1, 2);'|python -c 'print(1)'|node -p 1|x --version|f() { id; }; f|bash -c 'id'|. /etc/os-release|. venv/bin/activate|env|A=1".split(
      "|",
    ),
  )("%s", async (run) => {
    expect(await opaque(run)).toBe(false);
  });

  test("the body of a function is read like any other command", async () => {
    expect(await opaque("f() { make; }; f")).toBe(true);
  });

  test("a shell that reads a heredoc", async () => {
    expect(await opaque("bash <<E\nid\nE")).toBe(false);
    expect(await opaque("bash <<E\nmake\nE")).toBe(true);
  });
});

test.each([
  ['CMD ["sh", "-c", "ls /x && id"]', false],
  ['CMD ["bash", "-lc", "./serve"]', true],
  ['CMD ["./serve"]', true],
  ['ENTRYPOINT ["env", "A=1", "ls"]', false],
  ["CMD exec ls /x | cat", false],
  ["CMD ls; ./serve", true],
  ["HEALTHCHECK --interval=5s CMD curl -f http://localhost", false],
  ["HEALTHCHECK CMD ./probe", true],
])("the container of %s runs such code: %s", async (instruction, wanted) => {
  const { dockerfile } = await subjectOf({ dockerfile: `FROM a\n${instruction}\n` });
  const found = dockerfile!.file.instructions.at(-1)!;
  expect(startsOpaque(found)).toBe(wanted);
});
