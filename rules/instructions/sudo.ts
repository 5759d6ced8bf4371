import { isRoot } from "../../src/analysis/caches/running-user.ts";
import { commandRule } from "../../src/rule/command-rule.ts";

export const sudo = commandRule({
  id: "sudo",
  aliases: ["DL3004"],
  category: "security",
  severity: "warning",
  preset: "strict",
  reads: "dockerfile",
  docs: {
    summary: "sudo in a RUN",
    what: "From the Dockerfile: a command of a RUN that is run with `sudo`, one finding for each RUN. Installing the package sudo is not reported.",
    why: "A RUN is run as root unless USER says otherwise. During a build sudo has no terminal, so it has to work without a password, and then it needs none in the container either.",
    bad: [{ title: "sudo as root", dockerfile: "FROM ubuntu:24.04\nRUN sudo apt-get update\n" }],
    good: [
      { title: "USER switches to root", dockerfile: "FROM app\nUSER root\nRUN apt-get update\nUSER app\n" },
      { title: "sudo is only installed", dockerfile: "FROM ubuntu:24.04\nRUN apt-get install -y sudo\n" },
    ],
    fix: "None: the text does not show whether the user may run the command without sudo.",
  },
  oncePerRun: true,
  find({ name, through }, { instruction, scope }) {
    if (!through.includes("sudo")) return undefined;
    return {
      message: `line ${instruction.line} runs ${name ?? "a command"} with sudo`,
      advice:
        scope.user === undefined || isRoot(scope.user)
          ? "Drop sudo: the RUN already runs as root, unless the base image sets another user."
          : `Put USER root before the RUN, and USER ${scope.user} after it.`,
    };
  },
});
