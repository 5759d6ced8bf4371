import { expect, test } from "vitest";
import { onlyRecommended, readPackages } from "../../src/analysis/packages/dpkg-status.ts";

const status = `
Package: a
Status: install ok installed
Essential: yes
Installed-Size: 12
Depends: b (>= 1) | c, d:any, e [amd64], f<!x>
Pre-Depends:\tg
Description: first line
 Package: none
  Depends: none


Package:b
Status: install ok installed
Provides: virtual, other (= 2),

Package: gone
Status: deinstall ok config-files

 \t

Package: late
Status: install ok installed
Depends:
`;

test("the packages of a status file, with their relations", () => {
  const states = "Package: b\nAuto-Installed: 1\n\nPackage: late\nAuto-Installed: 0\n";
  const installed = { essential: false, auto: false, depends: [], provides: [], bytes: 0 };
  expect(readPackages(status, states)).toEqual([
    {
      ...installed,
      name: "a",
      bytes: 12 * 1024,
      essential: true,
      depends: [["b", "c"], ["d"], ["e"], ["f"], ["g"]],
    },
    { ...installed, name: "b", auto: true, provides: ["virtual", "other"] },
    { ...installed, name: "late" },
  ]);
});

test("no list, no packages", () => {
  expect(readPackages("", "")).toEqual([]);
  expect(readPackages("\n\n \n", "\n")).toEqual([]);
});

test("what nothing needs is only recommended", () => {
  const one = (name: string, rest: object) => ({
    name,
    bytes: 1,
    auto: true,
    depends: [],
    provides: [],
    essential: false,
    ...rest,
  });
  const packages = [
    one("named", { auto: false, depends: [["x", "virtual"]] }),
    one("provider", { provides: ["virtual"], depends: [["deep"]] }),
    one("deep", {}),
    one("essential", { essential: true }),
    one("extra", { depends: [["more"]] }),
    one("more", {}),
  ];
  expect(onlyRecommended(packages).map(({ name }) => name)).toEqual(["extra", "more"]);
});
