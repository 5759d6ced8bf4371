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
    what: "From the Dockerfile: a command of a RUN behind `sudo`, one finding for each RUN. Installing the package sudo is none.",
    why: "A RUN is root unless USER says otherwise. sudo has no terminal there, its rules need no password for the build to work, and then they need none in the container either.",
    bad: [{ title: "Root asks for root", dockerfile: "FROM ubuntu:24.04\nRUN sudo apt-get update\n" }],
    good: [
      { title: "USER says who", dockerfile: "FROM app\nUSER root\nRUN apt-get update\nUSER app\n" },
      { title: "It is only installed", dockerfile: "FROM ubuntu:24.04\nRUN apt-get install -y sudo\n" },
    ],
    fix: "None: whether the user without sudo may do this, the text does not show.",
  },
  oncePerRun: true,
  find({ name, through }, { instruction, scope }) {
    if (!through.includes("sudo")) return undefined;
    return {
      message: `line ${instruction.line} runs ${name ?? "a command"} with sudo`,
      advice:
        scope.user === undefined || /^(?:root|0)(?::|$)/.test(scope.user)
          ? "Leave sudo out: the RUN is root already, unless the base image sets another user."
          : `Put USER root before the RUN, and USER ${scope.user} after it.`,
    };
  },
});
