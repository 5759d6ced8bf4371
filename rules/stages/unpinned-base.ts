import { stageRule } from "../../src/rule/stage-rule.ts";

export const unpinnedBase = stageRule({
  id: "unpinned-base",
  aliases: ["DL3006", "DL3007"],
  category: "security",
  severity: "warning",
  preset: "strict",
  docs: {
    summary: "A base image that may be another one tomorrow",
    what: "From the Dockerfile: a FROM of an image without a digest (`@sha256:…`). Stages of the file, `scratch`, and names that depend on a variable without a default are none. The option `tags` makes any tag but `latest` enough; `allow` lists images that need neither.",
    why: "A tag moves. The same Dockerfile then builds another image, without anybody having changed it, and nobody can tell which one was tested.",
    bad: [
      { title: "No tag means latest", dockerfile: "FROM node\nRUN npm --version\n" },
      { title: "A tag moves as well", dockerfile: "FROM node:22\nRUN npm --version\n" },
    ],
    good: [
      {
        title: "The digest stays",
        dockerfile:
          "FROM node:22@sha256:0c0734eb7051babbb3e95cd74e684f940552b31472152edf0bb23e54ab44a0d7\nRUN npm --version\n",
      },
    ],
    fix: "None: the digest stands in the registry, which layerlint never asks.",
  },
  options: {
    tags: { type: "flag", default: false, summary: "A tag is enough, if it is not `latest`." },
    allow: {
      type: "list",
      default: [],
      summary: "Images that may be without, without tag: `ghcr.io/us/base`.",
    },
  },
  find({ stage: { from, expandedImage: image, parent } }, _, { tags, allow }) {
    if (image === undefined || parent !== undefined) return undefined;
    if (image.toLowerCase() === "scratch" || image.includes("@")) return undefined;
    const [, name = image, tag] = /^(.*?)(?::([^:/]*))?$/.exec(image)!;
    const isMoving = tag === undefined || tag === "latest";
    if (allow.includes(name) || (tags && !isMoving)) return undefined;
    return {
      range: from.words[0],
      message: `line ${from.line} is FROM ${image}${tag === undefined ? ", without a tag" : ", without a digest"}: it may be another image tomorrow`,
      advice: tags
        ? "Name a version in the tag."
        : `Add the digest: ${name}:${isMoving ? "VERSION" : tag}@sha256:…, and let a bot renew it.`,
    };
  },
});
