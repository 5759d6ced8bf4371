import { expect, test } from "vitest";
import { aptInScript } from "../../../rules/packages/apt-in-script.ts";
import { fixWith, unsafeFix } from "../../support/fixes.ts";
import { findingsOf } from "../../support/subject.ts";

const head = "FROM debian:13\n";

test.each([
  ["RUN apt update && apt install -y git\n", "RUN apt-get update && apt-get install -y git\n"],
  ["RUN apt -y full-upgrade", "RUN apt-get -y dist-upgrade"],
  ["RUN apt upgrade -y\n", "RUN apt-get upgrade --with-new-pkgs -y\n"],
  ["RUN /usr/bin/apt policy git\n", "RUN /usr/bin/apt-cache policy git\n"],
  ["RUN sudo apt \\\n  purge -y git # old\n", "RUN sudo apt-get \\\n  purge -y git # old\n"],
])("%j", async (run, wanted) => {
  const dockerfile = head + run;
  expect(await unsafeFix(aptInScript, dockerfile)).toBe(head + wanted);
});

test.each(["RUN apt list --installed\n", "RUN apt $WHAT git\n", 'RUN ["apt", "update"]\n'])(
  "%j is found, but no edit is offered",
  async (run) => {
    expect(await findingsOf(aptInScript, { dockerfile: head + run })).toHaveLength(1);
    expect(await fixWith(aptInScript, { dockerfile: head + run }, true)).toBe(head + run);
  },
);

test.each(["RUN apt-get update\n", "RUN echo apt install\n", "RUN ls /etc/apt\n"])(
  "%j is not",
  async (run) => {
    expect(await findingsOf(aptInScript, { dockerfile: head + run })).toEqual([]);
  },
);
