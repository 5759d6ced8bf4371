import { isDownload } from "../../src/build/context-sources.ts";
import { instructionRule } from "../../src/rule/instruction-rule.ts";

export const remoteAddWithoutChecksum = instructionRule({
  id: "remote-add-without-checksum",
  aliases: [],
  category: "security",
  severity: "warning",
  reads: "dockerfile",
  docs: {
    summary: "ADD downloads a file without verifying its checksum",
    what: "From the Dockerfile: an ADD of an `http` or `https` URL without `--checksum`, in a stage that the build needs. Git repositories are not reported.",
    why: "Whatever the URL returns tomorrow ends up in the image unnoticed: another version, an error page, or a malicious file.",
    bad: [
      {
        title: "Any content is accepted",
        dockerfile: "FROM debian:12\nADD https://example.com/tool-1.2.tar.gz /opt/\n",
      },
    ],
    good: [
      {
        title: "Only this content is accepted",
        dockerfile:
          "# syntax=docker/dockerfile:1.6\nFROM debian:12\nADD --checksum=sha256:24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d https://example.com/tool-1.2.tar.gz /opt/\n",
      },
    ],
    fix: "None: the checksum depends on the content, which layerlint never downloads.",
  },
  keywords: ["ADD"],
  onlyNeeded: true,
  find({ instruction: at }, { dockerfile: view }) {
    if (at.flags.some(({ name }) => name === "checksum")) return undefined;
    const remote = at.words.slice(0, -1).find(({ value }) => isDownload(value));
    if (remote === undefined) return undefined;
    const needs = view.supportsFrontend(6) ? "" : " (with # syntax=docker/dockerfile:1.6 or newer)";
    return {
      range: remote,
      message: `line ${at.line} downloads ${remote.value} without a checksum`,
      advice: `State the expected content: ADD --checksum=sha256:…${needs}. Or use curl and sha256sum -c in a RUN.`,
    };
  },
});
