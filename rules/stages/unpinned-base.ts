import { stageRule } from "../../src/rule/stage-rule.ts";

export const unpinnedBase = stageRule({
  id: "unpinned-base",
  aliases: ["DL3006", "DL3007"],
  category: "security",
  severity: "warning",
  preset: "strict",
  docs: {
    summary: "The base image is not pinned and may change between builds",
    what: "From the Dockerfile: a FROM of an image without a digest (`@sha256:…`). Stages of the file, `scratch`, and names that depend on a variable without a default are not reported. With the option `tags`, any tag except `latest` suffices; `allow` lists images that need neither.",
    why: "Tags are mutable. An unchanged Dockerfile then builds a different image, and nobody can tell which one was tested.",
    bad: [
      { title: "No tag means latest", dockerfile: "FROM node\nRUN npm --version\n" },
      { title: "Tags are mutable", dockerfile: "FROM node:22\nRUN npm --version\n" },
    ],
    good: [
      {
        title: "A digest is immutable",
        dockerfile:
          "FROM node:22@sha256:0c0734eb7051babbb3e95cd74e684f940552b31472152edf0bb23e54ab44a0d7\nRUN npm --version\n",
      },
    ],
    fix: "None: only the registry knows the digest, and layerlint never contacts registries.",
  },
  options: {
    tags: { type: "flag", default: false, summary: "Accept any tag except `latest`." },
    allow: {
      type: "list",
      default: [],
      summary: "Images that need no digest, without their tags: `ghcr.io/us/base`.",
    },
  },
  find({ stage: { from, expandedImage: image, parent } }, _, { tags, allow }) {
    if (image === undefined || parent !== undefined) return undefined;
    if (image.toLowerCase() === "scratch" || image.includes("@")) return undefined;
    const [, name = image, tag] = /^(.*?)(?::([^:/]*))?$/.exec(image) ?? [];
    const isMoving = tag === undefined || tag === "latest";
    if (allow.includes(name) || (tags && !isMoving)) return undefined;
    return {
      range: from.words[0],
      message: `line ${from.line} is FROM ${image}${tag === undefined ? ", without a tag" : ", without a digest"}: it may be another image tomorrow`,
      advice: tags
        ? "Name a version in the tag."
        : `Add the digest: ${name}:${isMoving ? "VERSION" : tag}@sha256:…, and let a bot update it.`,
    };
  },
});
