import { expect, test } from "vitest";
import { mightAccess, refillsItself } from "../../src/analysis/steps/path-access.ts";
import { subjectOf } from "../support/subject.ts";

async function touches(instruction: string, ...paths: string[]): Promise<boolean> {
  const subject = await subjectOf({ dockerfile: `FROM debian:12\nWORKDIR /w\n${instruction}\n` });
  return mightAccess(subject.dockerfile!.steps.at(-1)!, paths);
}

test.each([
  ["ENV A=/app", "/app"],
  ["WORKDIR /app", "/app"],
  ["WORKDIR /", "/app"],
  ["COPY a /other", "/app"],
  ["RUN apt-get update && apt-get install -y curl", "/app"],
  ["RUN apt-get install -y curl", "/usr/local/bin/run"],
  ["RUN mkdir -p /data && chown 1:1 /data", "/app"],
  ["RUN rm -rf /var/lib/apt/lists/*", "/app"],
  ["RUN echo /app > /etc/motd", "/app"],
  ["RUN touch app", "/app"],
  ["RUN cd / && mkdir -p /", "/app"],
  ["RUN sed -i s:/:_: /etc/motd", "/app"],
  ["RUN sed -i --expression=s:/:_: /etc/motd", "/app"],
])("%s leaves %s alone", async (instruction, path) => {
  expect(await touches(instruction, path)).toBe(false);
});

test.each([
  ["WORKDIR /app/logs", "/app"],
  ["WORKDIR $X", "/app"],
  ["COPY a /app/b", "/app"],
  ["COPY a /", "/app"],
  ["COPY a $X", "/app"],
  ["RUN make", "/app"],
  ["RUN apt-get install -y bash", "/bin/bash"],
  ["RUN apt-get install -y /app/x.deb", "/app"],
  ["RUN apt-get install -y $(cat list)", "/app"],
  ["RUN ls /", "/app"],
  ["RUN chmod go-w /", "/app"],
  ["RUN cp x /", "/app"],
  ["RUN cp --target-directory=/ app", "/app"],
  ["RUN cp -t/ app", "/app"],
  ["RUN cp -t / app", "/app"],
  ["RUN tar --directory=/ -xf /tmp/x.tar", "/app"],
  ["RUN tar -xf /tmp/x.tar -C/", "/app"],
  ["RUN unzip /tmp/x.zip -d/", "/app"],
  ["RUN rm /*.sh", "/run.sh"],
  ["RUN echo x > /app/x", "/app"],
  ["RUN touch x", "/w"],
  ["RUN touch ../app/x", "/app"],
  ["RUN find / -name x", "/app"],
  ["RUN ls | xargs rm", "/app"],
  ["RUN $CMD", "/app"],
  ["RUN cp --target-directory=/app x", "/app"],
  ["RUN useradd -m bob", "/home/bob"],
])("%s might touch %s", async (instruction, path) => {
  expect(await touches(instruction, path)).toBe(true);
});

test("an unknown shell may access any path", async () => {
  expect(await touches('SHELL ["pwsh", "-c"]\nRUN mkdir /x', "/app")).toBe(true);
});

test.each([
  ["dnf install -y x", "/var/cache/dnf", true],
  ["dnf install -y x", "/var/cache/dnf/x", true],
  ["dnf install -y x", "/var/cache/zypp", false],
  ["dnf -C install -y x", "/var/cache/dnf", false],
  ["dnf install -y $X", "/var/cache/dnf", false],
  ["npm ci", "/root/.npm", true],
  ["npm ci --offline", "/root/.npm", false],
  ["NPM_CONFIG_OFFLINE=1 npm ci", "/root/.npm", false],
  ["apt-get install -y x", "/var/lib/apt/lists", false],
  ["make", "/var/cache/dnf", false],
  ["pacman -S x", "/var/cache/pacman/pkg", true],
  ["pacman -S x", "/var/cache/pacman/pkg/x", true],
  ["pacman -S x", "/var/lib/pacman/sync", false],
])("%s does without %s: %s", async (run, path, expected) => {
  const { dockerfile } = await subjectOf({ dockerfile: `FROM a\nRUN ${run}\n` });
  const [command] = dockerfile!.steps[0]!.script!.commands;
  expect(refillsItself(command!, path)).toBe(expected);
});
