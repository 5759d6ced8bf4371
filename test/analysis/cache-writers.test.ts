import { describe, expect, test } from "vitest";
import { emptiedCaches, valueAtHome, writtenCaches } from "../../src/analysis/caches/filled-caches.ts";
import { firstReader } from "../../src/analysis/caches/later-readers.ts";
import { cachingToolNamed } from "../../src/knowledge/toolbox.ts";
import { subjectOf } from "../support/subject.ts";

async function stepOf(instructions: string) {
  const { dockerfile } = await subjectOf({ dockerfile: `FROM a\n${instructions}\n` });
  return { step: dockerfile!.steps.at(-1)!, text: dockerfile!.file.text };
}

test.each([
  ["RUN pip install x", "/root/.cache/pip"],
  ["RUN python3 -m pip install x", "/root/.cache/pip"],
  ["RUN python3 -m venv pip install x", ""],
  ["RUN python3 -m build install x", ""],
  ["RUN python3 pip install x", ""],
  ["RUN pip install $OPTIONS", ""],
  ["RUN pip install --no-cache-dir x", ""],
  ["RUN pip install --help", ""],
  ["RUN pip $X", ""],
  ["RUN pip", ""],
  ["RUN PIP_CACHE_DIR=/x pip install y", "/x"],
  ["RUN PIP_CACHE_DIR=/x PIP_CACHE_DIR=/y pip install z", "/y"],
  ["RUN PIP_CACHE_DIR=/x/dev pip install y", "/x/dev"],
  ["RUN HOME=$X apk add -U y", "/var/cache/apk"],
  ["RUN PIP_CACHE_DIR=/x/ pip install y", "/x"],
  ["RUN PIP_CACHE_DIR= pip install y", "/root/.cache/pip"],
  ["RUN PIP_CACHE_DIR=x pip install y", ""],
  ["RUN PIP_CACHE_DIR=$X pip install y", ""],
  ["RUN PIP_CACHE_DIR=/dev/null pip install y", ""],
  ["RUN PIP_CACHE_DIR=/dev pip install y", ""],
  ["RUN PIP_CACHE_DIR=/device pip install y", "/device"],
  ["ENV PIP_CACHE_DIR=/x\nRUN pip install y", "/x"],
  ["RUN export PIP_CACHE_DIR=/x && pip install y", "/x"],
  ["RUN export PIP_CACHE_DIR && pip install y", ""],
  ["RUN echo PIP_CACHE_DIR=/x && pip install y", "/root/.cache/pip"],
  ["RUN PIP_NO_CACHE_DIR=1 pip install y", ""],
  ["RUN PIP_NO_CACHE_DIR=$X pip install y", ""],
  ["RUN PIP_NO_CACHE_DIR=0 pip install y", ""],
  ["RUN PIP_NO_CACHE_DIR= pip install y", "/root/.cache/pip"],
  ["RUN UV_NO_CACHE=1 uv pip install y", ""],
  ["RUN UV_NO_CACHE=10 uv pip install y", ""],
  ["RUN UV_NO_CACHE=$X uv pip install y", ""],
  ["RUN UV_NO_CACHE=0 uv pip install y", "/root/.cache/uv"],
  ["RUN UV_NO_CACHE=False uv pip install y", "/root/.cache/uv"],
  ["RUN UV_NO_CACHE= uv pip install y", "/root/.cache/uv"],
  ["ENV HOME=/h\nRUN pip install y", "/h/.cache/pip"],
  ["ENV HOME=/h/\nRUN pip install y", "/h/.cache/pip"],
  ["ENV HOME=h\nRUN pip install y", ""],
  ["ARG HOME=/h\nRUN pip install y", "/h/.cache/pip"],
  ["RUN HOME=/h pip install y", "/h/.cache/pip"],
  ["RUN sudo pip install y", ""],
  ["USER app\nRUN pip install y", ""],
  ["USER rooty\nRUN pip install y", ""],
  ["USER root\nRUN pip install y", "/root/.cache/pip"],
  ["USER 0:0\nRUN pip install y", "/root/.cache/pip"],
  ["RUN --mount=type=cache,target=/root/.cache pip install y", ""],
  ["RUN --mount=type=cache,target=/root/.cache/pip pip install y", ""],
  ["RUN --mount=type=cache,target=/root pip install y", ""],
  ["RUN --mount=type=cache,target=/ pip install y", ""],
  ["RUN --mount=type=cache,target=/home/app pip install y", ""],
  ["RUN --mount=type=cache,target=/home pip install y", ""],
  ["RUN --mount=type=cache,target=/x/cache pip install y", ""],
  ["ARG T\nRUN --mount=type=cache,target=$T pip install y", ""],
  ["RUN --mount=type=cache,target=/srv pip install y", "/root/.cache/pip"],
  ["RUN --mount=type=cache,target=/srv/home/x pip install y", "/root/.cache/pip"],
  ["RUN --mount=type=cache,target=/srv/home/x/y pip install y", "/root/.cache/pip"],
  ["RUN --mount=type=secret,id=x,target=/root/.cache pip install y", "/root/.cache/pip"],
  ["RUN --mount=type=ssh,target=/root/.cache pip install y", "/root/.cache/pip"],
  ["RUN --mount=type=cache,target=/var/cache dnf install -y x", ""],
  ["RUN --mount=type=cache,target=/var/cache/dnf/x dnf install -y x", ""],
  ["RUN --mount=type=cache,target=/var/cache/dnfx dnf install -y x", "/var/cache/dnf"],
])("%j certainly fills %j", async (instructions, path) => {
  const { step } = await stepOf(instructions);
  const found = step.script!.commands.flatMap((command) => writtenCaches(command, step));
  expect([...new Set(found.map((each) => each.path))].join(" ")).toBe(path);
});

/** `known` or `unknown` for the first command that wants apt's lists, with its name. */
async function reader(script: string): Promise<string | undefined> {
  const { dockerfile } = await subjectOf({ dockerfile: `FROM a\nRUN ${script}\n` });
  const step = dockerfile!.steps.at(-1)!;
  const manager = cachingToolNamed("apt-get")!;
  const { wantedBy } = manager.remedies.find((each) => each.wantedBy !== undefined)!;
  const [cache] = manager.caches;
  const takings = { manager, cache: cache!, folders: ["/var/lib/apt/lists"], wanted: wantedBy };
  const found = firstReader(step.script!, step.instruction, step, dockerfile!, takings);
  return found && `${found.known ? "known" : "unknown"} ${found.command?.name}`;
}

describe("apt's lists are wanted", () => {
  test.each([
    ["apt-get install -y x", "known apt-get"],
    ["id && apt-get install -y x", "known apt-get"],
    ["apt-get $VERB x", "known apt-get"],
    ["id || apt-get update; apt-get install -y x", "known apt-get"],
    ["if id; then apt-get update; fi; apt-get install -y x", "known apt-get"],
    ["if id; then apt-get update; else apt-get install -y x; fi", "known apt-get"],
    ["id && apt-get update; apt-get install -y x", "known apt-get"],
    ["id || apt-get update || apt-get install -y x", "known apt-get"],
    ["id || (apt-get update); apt-get install -y x", "known apt-get"],
    ["<<E\nif id; then\n# why\napt-get update\napt-get install -y x\nfi\nE", "known apt-get"],
    ["<<E\nif id; then\n\napt-get update\napt-get install -y x\nfi\nE", "known apt-get"],
    ["npm update && apt-get install -y x", "known apt-get"],
    ["./setup", "unknown setup"],
    ["./setup && apt-get install -y x", "unknown setup"],
    ["x 'y", "unknown undefined"],
    ["x 'y && apt-get update", "unknown undefined"],
  ])("by %j: %s", async (script, wanted) => {
    expect(await reader(script)).toBe(wanted);
  });

  test.each([
    ["apt-get update && apt-get install -y x"],
    ["apt-get update && ./setup"],
    ["if id; then apt-get update && apt-get install -y x; fi"],
    ["if id; then apt-get update; apt-get install -y x; fi"],
    ["if id; then \\\n apt-get update; apt-get install -y x; fi"],
    ["id || { apt-get update; apt-get install -y x; }"],
    ["id || (apt-get update && apt-get install -y x)"],
    ["<<E\nif id; then\n  apt-get update\n  apt-get install -y x\nfi\nE"],
    ["apt-get remove -y x"],
    ["curl https://h/x"],
    ["npm install x"],
  ])("not by %j", async (script) => {
    expect(await reader(script)).toBeUndefined();
  });
});

test.each([
  ["RUN dnf clean all", "/var/cache/dnf"],
  ["RUN yum clean all", "/var/cache/yum"],
  ["RUN dnf5 clean all", "/var/cache/libdnf5"],
  ["RUN npm cache clean --force", "/root/.npm"],
  ["RUN dnf --installroot /mnt clean all", ""],
  ["RUN dnf clean $WHAT", ""],
  ["USER app\nRUN npm cache clean --force", ""],
])("%j empties %j", async (instructions, path) => {
  const { step } = await stepOf(instructions);
  const found = step.script!.commands.flatMap((command) => emptiedCaches(command, step));
  expect(found.map((each) => each.path).join(" ")).toBe(path);
});

test.each([
  ["~/x", "/h/x"],
  ["$HOME/x", "/h/x"],
  ["${HOME}/x", "/h/x"],
  ['"$HOME/x"', "/h/x"],
  ["/srv/~/x", "/srv/~/x"],
  ["a$HOME/x", undefined],
  ["$HOMES/x", undefined],
  ["x", "x"],
])("the word %s in the home /h is %s", async (word, wanted) => {
  const { step } = await stepOf(`RUN rm ${word}`);
  const [command] = step.script!.commands;
  expect(valueAtHome(command!.args[0]!, "/h")).toBe(wanted);
  expect(valueAtHome(command!.args[0]!, undefined)).toBe(wanted?.startsWith("/h/") ? undefined : wanted);
});
