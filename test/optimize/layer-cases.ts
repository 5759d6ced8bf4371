/** The cases of layers.md and of optimize.md section 6, as stacks. Shared by unit tests and the lab. */
export interface LayerCase {
  readonly name: string;
  readonly layers: readonly string[];
}

const cases: Readonly<Record<string, readonly string[]>> = {
  "01 file deleted later": ["a/ a/f(100)", "a/ a/.wh.f"],
  "02 dir deleted later": ["a/ a/f(100) a/g(50)", ".wh.a"],
  "03 dir whiteout, children of two layers": ["a/ a/f(100)", "a/ a/g(50)", ".wh.a"],
  "04 overwrite": ["f(100)", "f(300)"],
  "05 overwrite thrice": ["f(100)", "f(100)", "f(120)"],
  "06 chmod-only copy": ["f(100,h,0644)", "f(100,h,0755)"],
  "07 identical re-add": ["f(100,h)", "f(100,h)"],
  "08 delete then re-add": ["f(100,h)", ".wh.f", "f(100,h)"],
  "09 whiteout and re-add in one layer": ["f(100)", ".wh.f f(70)"],
  "10 same, whiteout last": ["f(100)", "f(70) .wh.f"],
  "11 opaque dir": ["a/ a/f(100) a/g(50)", "a/ a/.wh..wh..opq a/n(10)"],
  "12 opaque marker after the new child": ["a/ a/b/ a/b/bar(100)", "a/ a/b/ a/b/foo(10) a/.wh..wh..opq"],
  "13 dir replaced by file": ["a/ a/f(100)", "a(10)"],
  "14 dir replaced by symlink": ["a/ a/f(100)", "a→b"],
  "15 file replaced by dir": ["a(100)", "a/ a/f(10)"],
  "16 dangling whiteout": ["z(100)", ".wh.tmp1 z(100)"],
  "17 dir metadata only": ["a/ a/f(100)", "a/"],
  "18 hardlink pair": ["f(100) g≡f"],
  "19 hardlink pair, one name deleted": ["f(100) g≡f", ".wh.f"],
  "20 hardlink pair, one name overwritten": ["f(100) g≡f", "f(30)"],
  "21 hardlink pair, both deleted": ["f(100) g≡f", ".wh.f .wh.g"],
  "22 copy-up of a hardlink": ["f(100,h)", "f(100,h) g≡f[mtime=1600000000]"],
  "23 hardlink to a lower layer": ["f(100)", "g≡f"],
  "24 then the lower name is deleted": ["f(100)", "g≡f", ".wh.f"],
  "25 moved across layers": ["x(100,h)", ".wh.x y(100,h)"],
  "26 duplicate entry": ["f(100) f(100)"],
  "27 re-created under a deleted dir": ["a/ a/f(100)", ".wh.a", "a/ a/f(40)"],
  "28 whiteout of dir and new dir": ["a/ a/old(100)", ".wh.a a/ a/new(40)"],
  "29 child whiteout then parent whiteout": ["a/ a/f(100) a/g(50)", "a/.wh.f", ".wh.a"],
  "30 symlink overwritten by file": ["s→t", "s(100)"],
  "31 AUFS metadata": ["f(100)", ".wh..wh.plnk/ .wh..wh.plnk/1.2(100)"],
  "32 empty layer": ["f(100)", "∅"],
  "33 root opaque": ["f(100) a/ a/g(50)", ".wh..wh..opq n(10)"],
  "34 child under a lower file": ["a(100)", "a/b(10)"],
  "A link target deleted above": ["a(100) b≡a", ".wh.a"],
  "B link target overwritten": ["a(100) b≡a c≡a", "a(30)"],
  "C dir to file": ["d/ d/x(9) k(1)", "d(5)"],
  "C2 dir to symlink": ["d/ d/x(9) k(1)", "d→k"],
  "D whiteout of a dir that comes again": ["d/ d/old(9)", ".wh.d d/ d/new(1)"],
  "D2 same, whiteout last": ["d/ d/old(9)", "d/ d/new(1) .wh.d"],
  "E opaque before": ["d/ d/old(9)", "d/ d/.wh..wh..opq d/new(1)"],
  "E2 opaque after": ["d/ d/old(9)", "d/ d/new(1) d/.wh..wh..opq"],
  "F whiteouts of dir and child": ["d/ d/x(9) k(1)", ".wh.d d/.wh.x"],
  "G phantom in a new dir": ["k(1)", "d/ d/.wh.x d/y(1)"],
  "G2 phantom under a missing dir": ["k(1)", "d/.wh.x"],
  "H parent entry missing": ["p/[0700] p/a(1)", "p/b(1)"],
  "I hardlink to a lower layer": ["a(9)", "b≡a"],
  "J whiteout and re-add": ["a(9)", ".wh.a a(1)"],
  "J2 reversed": ["a(9)", "a(1) .wh.a"],
  "K duplicate paths with a link": ["a(9) b≡a a(5)"],
  "M written through a symlink": ["usr/ usr/bin/ usr/bin/x(1) bin→usr/bin", "bin/t(7)"],
  "N deleted through a symlink": ["usr/ usr/bin/ usr/bin/t(5) bin→usr/bin", "bin/.wh.t"],
};

export const layerCases: readonly LayerCase[] = Object.entries(cases).map(([name, layers]) => ({
  name,
  layers,
}));

export function layersOf(number: string): readonly string[] {
  const found = layerCases.find(({ name }) => name.startsWith(`${number} `));
  if (found === undefined) throw new Error(`no case ${number}`);
  return found.layers;
}
