import { expect, test } from "vitest";
import {
  commandMightAccess,
  mayFetch,
  mightAccess,
  pathAccessOf,
  refillsItself,
} from "../../src/analysis/steps/path-access.ts";
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

test("one path of several is enough", async () => {
  expect(await touches("COPY a /app/b", "/data", "/app")).toBe(true);
  expect(await touches("COPY a /app/b", "/data", "/opt")).toBe(false);
});

test("an unknown shell may access any path", async () => {
  expect(await touches('SHELL ["pwsh", "-c"]\nRUN mkdir /x', "/app")).toBe(true);
});

/** Of the last instruction, in a stage whose working directory is not known. */
async function accessOf(dockerfile: string, path: string) {
  const subject = await subjectOf({ dockerfile: `FROM debian:12\n${dockerfile}\n` });
  return pathAccessOf(subject.dockerfile!.steps.at(-1)!, path);
}

test.each([
  ["VOLUME /app", "/app/x", "uses"],
  ["VOLUME /app/x", "/app", "uses"],
  ['VOLUME ["/data", "/app"]', "/app", "uses"],
  ["VOLUME /data", "/app", "no"],
  ["VOLUME $X", "/app", "maybe"],
  ["VOLUME []", "/app", "maybe"],
  ["WORKDIR /app", "/app", "uses"],
  ["WORKDIR /app/x", "/app", "uses"],
  ["WORKDIR /", "/app", "no"],
  ["COPY a /app", "/app/x", "uses"],
  ["ADD a /app", "/app/x", "uses"],
  ["ADD a /data", "/app", "no"],
  ["ADD a $X", "/app", "maybe"],
  ["RUN make", "/app", "maybe"],
  ["RUN find /x -exec touch {} +", "/app", "maybe"],
  ["RUN ls /x | xargs touch", "/app", "maybe"],
  ["RUN touch /x", "/app", "no"],
  ["RUN make /app", "/app", "uses"],
  ["RUN make <<E\n/app/x\nE", "/app", "uses"],
  ["RUN make 'x", "/app", "maybe"],
  ["RUN make '/app", "/app", "uses"],
  ['SHELL ["pwsh", "-c"]\nRUN mkdir x', "/app", "maybe"],
  ['SHELL ["pwsh", "-c"]\nRUN mkdir /app', "/app", "uses"],
  ["RUN echo x | xargs cat", "/app", "maybe"],
  ["RUN A=1 > /data/x", "/app", "no"],
  ["RUN A=$X > /data/x", "/app", "maybe"],
  ["RUN > /app/x", "/app", "uses"],
  ["RUN mkdir -p /app/x", "/app", "uses"],
  ["RUN A=1", "/app", "no"],
  ["RUN A=1 > /app/x", "/app", "uses"],
  ["RUN A=$(cat x)", "/app", "maybe"],
  ["RUN echo /app", "/app", "no"],
  ["RUN unzip /tmp/x.zip", "/app", "maybe"],
  ["WORKDIR /w\nRUN unzip /tmp/x.zip", "/w/x", "maybe"],
  ["WORKDIR /w\nRUN unzip /tmp/x.zip", "/app", "no"],
  ["WORKDIR /w\nRUN tar -xf /tmp/x.tar", "/tmp/x.tar", "uses"],
  ["RUN apt-get install -y curl", "/tmp/x", "no"],
  ["RUN pip install x", "/tmp/x", "maybe"],
  ["RUN apt-get clean", "/var/lib/apt/lists", "no"],
  ["RUN apt-get clean", "/var/cache/apt/archives", "uses"],
  ["RUN dnf install -y x", "/root/.npm", "no"],
  ["RUN npm ci", "/srv/app/.npm/_cacache", "uses"],
  ["RUN npm ci", "/root", "uses"],
  ["RUN npm ci", "/home/app", "uses"],
  ["RUN npm ci", "/home", "uses"],
  ["RUN npm ci", "/root/.config", "maybe"],
  ["RUN mvn package", "/root/.m2", "uses"],
  ["RUN mvn package", "/root/.m2x", "maybe"],
  ["RUN mvn package", "/rooted", "maybe"],
  ["RUN touch /x-a/app", "/x", "no"],
  ["WORKDIR /w\nRUN tar -xf a-C/", "/app", "no"],
  ["RUN cp a: /srv", "/srv/a", "uses"],
  ["RUN install -o/app", "/app", "uses"],
  ["RUN cp [ab] /srv", "/var/lib/x", "maybe"],
  ["WORKDIR /w\nRUN cp [ab] /srv", "/w/a", "uses"],
  ["WORKDIR /w\nRUN cp [ab] /srv", "/app", "no"],
  ["WORKDIR /w\nRUN wget https://h/b?cde", "/w/b", "uses"],
  ["WORKDIR /w\nRUN curl -O ftp://h/b", "/w/b", "uses"],
  ["WORKDIR /w\nRUN cat h/b", "/w/b", "no"],
  // where the working directory is not known, a relative name may lead to the path
  ["RUN touch x", "/var/lib/x", "maybe"],
  ["RUN touch lib", "/var/lib/x", "maybe"],
  ["RUN touch y", "/var/lib/x", "no"],
  ["RUN touch y", "/tmp/x", "no"],
  ["RUN touch y", "/app", "maybe"],
  ["RUN touch y", "/srv/tmp/x", "maybe"],
  ["RUN touch y", "/var/cache/x", "no"],
  ["RUN touch y", "/var/tmp/x", "no"],
  ["RUN touch ../y", "/var/lib/x", "maybe"],
  ["RUN touch .", "/var/lib/x", "maybe"],
  ["RUN touch ~/y", "/var/lib/x", "maybe"],
  ["RUN touch -c", "/app", "no"],
] as const)("%j accesses %s: %s", async (dockerfile, path, access) => {
  expect(await accessOf(dockerfile, path)).toBe(access);
});

test.each([
  ["npm i x-C", "/root/.npm", true],
  ["npm -Cx ci", "/root/.npm", true],
  ["npm ci --locality", "/root/.npm", true],
  ["npm ci --prefer-offline", "/root/.npm", false],
  ["pip install --no-index x", "/root/.cache/pip", false],
  ["npm --local ci", "/root/.npm", false],
  ["dnf --cacheonly install x", "/var/cache/dnf", false],
  ["npm ci", "/srv/.npm/x", true],
  ["dnf install -y x", "/var/cache/dnfx", false],
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

test.each([
  ["COPY a b /app/", "/app/a", "uses"],
  ["RUN A=1 B=$(cat x)", "/app", "maybe"],
  ["RUN apt-get install -y curl", "/etc/x", "maybe"],
  ["RUN npm ci", "/srv/root", "maybe"],
  ["RUN tar -xf /tmp/x.tar -vC/", "/app", "uses"],
  ["RUN tar -vf/app/x.tar", "/app", "uses"],
  ["RUN cp $X/app/x /y", "/app", "uses"],
  ["RUN rm /app/x*/y", "/app/z", "uses"],
  ["RUN rm /app/xy*/z", "/app/q", "uses"],
  // these look at no file of the folder that they name
  ["RUN mkdir -p /app", "/app/x", "no"],
  ["RUN rmdir /app", "/app/x", "no"],
  ["RUN cd /app", "/app/x", "no"],
  ["RUN rmdir /app", "/app", "uses"],
  ["RUN touch y/lib", "/var/lib/x", "maybe"],
  ["RUN touch y//z", "/var/lib/x", "no"],
] as const)("of %j, the access to %s is: %s", async (dockerfile, path, access) => {
  expect(await accessOf(dockerfile, path)).toBe(access);
});

test("a COPY reads a source that is called like the path in the folder, and writes the path", async () => {
  expect(await touches("COPY app /w/app", "/w/app")).toBe(true);
});

test("a command may access one of several paths", async () => {
  const { dockerfile } = await subjectOf({ dockerfile: "FROM a\nRUN cat /app/x\n" });
  const [command] = dockerfile!.steps[0]!.script!.commands;
  expect(commandMightAccess(command!, ["/data", "/app"])).toBe(true);
  expect(commandMightAccess(command!, ["/data", "/opt"])).toBe(false);
});

test.each([
  ["RUN x", true],
  ["RUN --network=default x", true],
  ["RUN --network=host x", true],
  ["RUN --network=none x", false],
  ["RUN --security=insecure x", true],
  ["ENV npm_config_offline=1\nRUN x", false],
  ["ENV A=1\nRUN x", true],
])("%j may fetch: %s", async (lines, wanted) => {
  const { dockerfile } = await subjectOf({ dockerfile: `FROM a\n${lines}\n` });
  expect(mayFetch(dockerfile!.steps.at(-1)!)).toBe(wanted);
});
