import { describe, expect, test } from "vitest";
import { updateWithoutInstall } from "../../../rules/packages/update-without-install.ts";
import { editsOf, safetyOf, unsafeFix } from "../../support/fixes.ts";
import { findingsOf } from "../../support/subject.ts";

const head = "FROM base:1\n";

describe("an index that is fetched by itself is found", () => {
  test.each([
    "RUN apt-get update",
    "RUN apt-get -qq update && rm -rf /var/lib/apt/lists/*",
    "RUN apk update",
    "RUN dnf -y makecache",
    "RUN zypper ref",
    "RUN sudo apt update; date",
  ])("%s", async (run) => {
    expect(await findingsOf(updateWithoutInstall, { dockerfile: `${head}${run}\n` })).toHaveLength(1);
  });

  test("in builder stages as well, not in stages that nothing needs", async () => {
    const dockerfile =
      "FROM a AS b\nRUN apt-get update\nFROM a AS c\nRUN apt-get update\nFROM a\nCOPY --from=b /x /x\n";
    const found = await findingsOf(updateWithoutInstall, { dockerfile });
    expect(found.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^line 2 runs apt-get update/),
    ]);
  });
});

describe("nothing is said", () => {
  test.each([
    ["of an install in the same RUN", "RUN apt-get update && apt-get install -y git"],
    ["of an upgrade", "RUN apk update && apk upgrade"],
    ["of another tool of the same kind", "RUN apt update && aptitude install -y git"],
    ["of a script", "RUN apt-get update && ./install"],
    ["of a name that no table knows", "RUN apt-get update && install_packages git"],
    ["of a shell that reads something", "RUN apt-get update && curl -s https://x.example | sh"],
    ["where it may not run", "RUN test -f /x || apt-get update"],
    ["of other updates", "RUN npm update && git remote update && yum -y update"],
  ])("%s", async (_, run) => {
    expect(await findingsOf(updateWithoutInstall, { dockerfile: `${head}${run}\n` })).toEqual([]);
  });
});

describe("the update moves to the RUNs that install, unsafely", () => {
  test.each([
    [
      "RUN apt-get update\nRUN apt-get install -y git\nRUN set -e; id; apt-get install -y jq\n",
      "RUN apt-get update && apt-get install -y git\nRUN set -e; id; apt-get update; apt-get install -y jq\n",
    ],
    [
      "RUN apt-get update && date && rm -rf /var/lib/apt/lists/*\nRUN apt-get install -y git\n",
      "RUN date\nRUN apt-get update && apt-get install -y git\n",
    ],
    [
      "# lists\nRUN apt-get update\n\nRUN apt-get update && apt-get install -y git",
      "# lists\n\nRUN apt-get update && apt-get install -y git",
    ],
  ])("%j", async (run, wanted) => {
    const dockerfile = head + run;
    expect(await unsafeFix(updateWithoutInstall, dockerfile)).toBe(head + wanted);
  });

  test("and says when a script may need it", async () => {
    const dockerfile = `${head}RUN apt-get update\nRUN ./setup\n`;
    expect(await safetyOf(updateWithoutInstall, { dockerfile })).toBe("line 3 may need the index");
  });

  test.each([
    ["in an install that cannot be edited", 'RUN apt-get update\nRUN ["apt-get", "install", "-y", "git"]\n'],
    ["for other managers", "RUN apk update\nRUN apk add git\n"],
    ["where it cannot be taken out", "RUN (apt-get update)\nRUN apt-get install -y git\n"],
  ])("there is no edit %s", async (_, run) => {
    expect(await editsOf(updateWithoutInstall, { dockerfile: head + run })).toEqual([]);
  });
});
