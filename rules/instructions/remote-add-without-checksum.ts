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
    what: "From the Dockerfile: an ADD of an `http` or `https` URL without `--checksum`, in a stage that the build needs. Git repositories are not reported. A URL that names a branch or `latest`, or data or a script without a version, is `info`: its content is meant to change, and a checksum would break the build. So is a URL with the digest of a commit.",
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
    const stated = `ADD --checksum=sha256:…${needs}`;
    const changes = isMoving(remote.value);
    return {
      range: remote,
      message: `line ${at.line} downloads ${remote.value} without a checksum`,
      advice: changes
        ? `The URL names no version, so what it returns may change any day. If there is a URL of one version, use it and state its content: ${stated}.`
        : `State the expected content: ${stated}. Or use curl and sha256sum -c in a RUN.`,
      ...(changes || COMMIT.test(remote.value) ? { severity: "info" } : {}),
    };
  },
});

const COMMIT = /[/@=][0-9a-f]{40}(?:[/?#.]|$)/;
const MOVING = /[/=_-](?:latest|master|main|nightly|daily|head|current|trunk|snapshot)(?:[/?#&._-]|$)/i;
/** Services of short links, which lead to whatever is current; a number in the path is that of a product. */
const SHORT_LINK =
  /^\w+:\/\/(?:aka\.ms|go\.microsoft\.com\/fwlink|bit\.ly|git\.io|tinyurl\.com|goo\.gl|t\.co)(?:[/?]|$)/i;
const VERSION = /\d+\.\d|[/_-]v?\d+(?=[/._-]|$)|\$|[0-9a-f]{12,}/i;
/** Programs and archives are releases, even if their URL names no version. */
const RELEASE = /\.(?:tar(?:\.\w+)?|t[gx]z|zip|7z|gz|xz|bz2|zst|deb|rpm|apk|jar|war|exe|msi|whl)(?:[?#]|$)/i;

/** Returns true for a URL whose content is meant to change: it names a branch, or data or a script without a version. */
function isMoving(url: string): boolean {
  const path = url.replace(/^\w+:\/\/[^/?#]*/, "");
  return SHORT_LINK.test(url) || MOVING.test(path) || (!VERSION.test(path) && !RELEASE.test(path));
}
