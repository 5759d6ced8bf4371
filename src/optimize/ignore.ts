/** `--ignore` of `compare`: the words it takes, and what each leaves out. */
import { toBytes } from "../byte-path.ts";
import { UserError } from "../errors.ts";
import type { BytePath } from "../image/image.ts";
import type { Ignored } from "./compare-images.ts";
import type { Aspect } from "./proof/compare-visible.ts";

const aspects: Readonly<Record<string, readonly Aspect[]>> = {
  time: ["time"],
  mode: ["mode"],
  owner: ["owner"],
  xattr: ["xattr"],
  links: ["links"],
  content: ["content"],
};

/** Files that differ unintentionally between two builds of one Dockerfile. */
const places: Readonly<Record<string, RegExp>> = {
  logs: /^var\/log\/|\.log$/,
  caches:
    /(?:^|\/)(?:\.cache|__pycache__|\.npm)\/|^var\/cache\/|^var\/lib\/apt\/lists\/|^(?:var\/)?tmp\/|^etc\/ld\.so\.cache$/,
};

const ignorable = [...Object.keys(aspects), ...Object.keys(places), "config"];

/** Takes words such as `time` and `logs`, and absolute paths, which include everything below them. */
export function parseIgnored(words: readonly string[]): Ignored {
  const ignored = new Set<Aspect>();
  const tests: ((path: BytePath) => boolean)[] = [];
  for (const word of words) {
    const place = places[word];
    if (aspects[word] !== undefined) for (const aspect of aspects[word]) ignored.add(aspect);
    else if (place !== undefined) tests.push((path) => place.test(path));
    else if (word.startsWith("/")) {
      const folder = toBytes(word.replace(/^\/+|\/+$/g, ""));
      tests.push((path) => path === folder || folder === "" || path.startsWith(`${folder}/`));
    } else if (word !== "config")
      throw new UserError(`--ignore ${word}: write ${ignorable.join(", ")}, or a path that begins with /`);
  }
  return {
    aspects: ignored,
    times: ignored.has("time"),
    config: words.includes("config"),
    isIgnored: (path) => tests.some((test) => test(path)),
  };
}
