/**
 * The cases of docs/spec/layers.md and of docs/spec/optimizing.md, section 6, as stacks, and what becomes of them.
 * Shared by unit tests and the lab.
 */
import { gzipSync } from "node:zlib";
import type { Parts } from "../support/archive.ts";
import { block, ended, member } from "../support/tar-blocks.ts";

export interface LayerCase extends Pick<Parts, "history" | "platform" | "compress"> {
  readonly name: string;
  /** Sketches, and tars where no sketch can say it. */
  readonly layers: readonly (string | Buffer)[];
  /**
   * The layers afterwards without a base, and with layer 0 as base. `=` is kept as it is, `-` is gone, `!why` is refused;
   * an empty text is an empty layer, because one layer always stays.
   */
  readonly free: string;
  readonly based: string;
  /** In a docker-archive, a layer that is there already is a link. */
  readonly linked?: true;
}

const archived = ended(
  member("g", "pax_global_header", "26 comment=of an archiver\n"),
  member("0", "x", "nine byte"),
  member("0", "f", "1"),
);
const gnuName = `${"gnu/".repeat(40)}name\0`;
const namedTwice = ended(
  member("L", "././@LongLink", gnuName),
  member("x", "pax", "10 path=x\n"),
  member("0", "short", "nine byte"),
  member("L", "././@LongLink", gnuName),
  member("x", "pax", "17 path=pax-name\n"),
  member("0", "short", "1"),
);
const sizedLink = ended(member("0", "x", "nine byte"), member("0", "f", "1"), block("1", "g", 5, "f"));

export const layerCases: readonly LayerCase[] = [
  { name: "01 file deleted later", layers: ["a/ a/f(100)", "a/ a/.wh.f"], free: "a/ ∥ a/", based: "= ∥ =" },
  { name: "02 dir deleted later", layers: ["a/ a/f(100) a/g(50)", ".wh.a"], free: "- ∥ ", based: "= ∥ =" },
  {
    name: "03 dir whiteout, children of two layers",
    layers: ["a/ a/f(100)", "a/ a/g(50)", ".wh.a"],
    free: "- ∥ - ∥ ",
    based: "= ∥ - ∥ =",
  },
  { name: "04 overwrite", layers: ["f(100)", "f(300)"], free: "- ∥ =", based: "= ∥ =" },
  {
    name: "05 overwrite thrice",
    layers: ["f(100)", "f(100)", "f(120)"],
    free: "- ∥ - ∥ =",
    based: "= ∥ - ∥ =",
  },
  { name: "06 chmod-only copy", layers: ["f(100,h,0644)", "f(100,h,0755)"], free: "- ∥ =", based: "= ∥ =" },
  { name: "07 identical re-add", layers: ["f(100,h)", "f(100,h)"], free: "- ∥ =", based: "= ∥ =" },
  {
    name: "08 delete then re-add",
    layers: ["f(100,h)", ".wh.f", "f(100,h)"],
    free: "- ∥ - ∥ =",
    based: "= ∥ = ∥ =",
  },
  {
    name: "09 whiteout and re-add in one layer",
    layers: ["f(100)", ".wh.f f(70)"],
    free: "- ∥ f",
    based: "= ∥ f",
  },
  { name: "10 same, whiteout last", layers: ["f(100)", "f(70) .wh.f"], free: "- ∥ f", based: "= ∥ f" },
  {
    name: "11 opaque dir",
    layers: ["a/ a/f(100) a/g(50)", "a/ a/.wh..wh..opq a/n(10)"],
    free: "a/ ∥ a/ a/n",
    based: "= ∥ =",
  },
  {
    name: "12 opaque marker after the new child",
    layers: ["a/ a/b/ a/b/bar(100)", "a/ a/b/ a/b/foo(10) a/.wh..wh..opq"],
    free: "a/ ∥ a/ a/b/ a/b/foo",
    based: "= ∥ =",
  },
  { name: "13 dir replaced by file", layers: ["a/ a/f(100)", "a(10)"], free: "- ∥ =", based: "= ∥ =" },
  { name: "14 dir replaced by symlink", layers: ["a/ a/f(100)", "a→b"], free: "- ∥ =", based: "= ∥ =" },
  { name: "15 file replaced by dir", layers: ["a(100)", "a/ a/f(10)"], free: "- ∥ =", based: "= ∥ =" },
  { name: "16 dangling whiteout", layers: ["z(100)", ".wh.tmp1 z(100)"], free: "- ∥ z", based: "= ∥ z" },
  { name: "17 dir metadata only", layers: ["a/ a/f(100)", "a/"], free: "= ∥ =", based: "= ∥ =" },
  { name: "18 hardlink pair", layers: ["f(100) g≡f"], free: "=", based: "=" },
  {
    name: "19 hardlink pair, one name deleted",
    layers: ["f(100) g≡f", ".wh.f"],
    free: "g ∥ -",
    based: "= ∥ =",
  },
  {
    name: "20 hardlink pair, one name overwritten",
    layers: ["f(100) g≡f", "f(30)"],
    free: "g ∥ =",
    based: "= ∥ =",
  },
  {
    name: "21 hardlink pair, both deleted",
    layers: ["f(100) g≡f", ".wh.f .wh.g"],
    free: "- ∥ ",
    based: "= ∥ =",
  },
  {
    name: "22 copy-up of a hardlink",
    layers: ["f(100,h)", "f(100,h) g≡f[mtime=1600000000]"],
    free: "- ∥ =",
    based: "= ∥ =",
  },
  {
    name: "23 hardlink to a lower layer",
    layers: ["f(100)", "g≡f"],
    free: "!cross-layer-hardlink ∥ !cross-layer-hardlink",
    based: "= ∥ !cross-layer-hardlink",
  },
  {
    name: "24 then the lower name is deleted",
    layers: ["f(100)", "g≡f", ".wh.f"],
    free: "!cross-layer-hardlink ∥ !cross-layer-hardlink ∥ =",
    based: "= ∥ !cross-layer-hardlink ∥ =",
  },
  { name: "25 moved across layers", layers: ["x(100,h)", ".wh.x y(100,h)"], free: "- ∥ y", based: "= ∥ =" },
  { name: "26 duplicate entry", layers: ["f(100) f(100)"], free: "!duplicate-path", based: "=" },
  {
    name: "27 re-created under a deleted dir",
    layers: ["a/ a/f(100)", ".wh.a", "a/ a/f(40)"],
    free: "- ∥ - ∥ =",
    based: "= ∥ = ∥ =",
  },
  {
    name: "28 whiteout of dir and new dir",
    layers: ["a/ a/old(100)", ".wh.a a/ a/new(40)"],
    free: "- ∥ a/ a/new",
    based: "= ∥ =",
  },
  {
    name: "29 child whiteout then parent whiteout",
    layers: ["a/ a/f(100) a/g(50)", "a/.wh.f", ".wh.a"],
    free: "- ∥ - ∥ ",
    based: "= ∥ = ∥ =",
  },
  { name: "30 symlink overwritten by file", layers: ["s→t", "s(100)"], free: "- ∥ =", based: "= ∥ =" },
  {
    name: "31 AUFS metadata",
    layers: ["f(100)", ".wh..wh.plnk/ .wh..wh.plnk/1.2(100)"],
    free: "= ∥ -",
    based: "= ∥ -",
  },
  { name: "32 empty layer", layers: ["f(100)", "∅"], free: "= ∥ =", based: "= ∥ =" },
  {
    name: "33 root opaque",
    layers: ["f(100) a/ a/g(50)", ".wh..wh..opq n(10)"],
    free: "- ∥ n",
    based: "= ∥ =",
  },
  {
    name: "34 child under a lower file",
    layers: ["a(100)", "a/b(10)"],
    free: "= ∥ !parent-not-dir",
    based: "= ∥ !parent-not-dir",
  },
  { name: "35 global header first", layers: [archived, ".wh.x"], free: "!global-header ∥ =", based: "= ∥ =" },
  {
    name: "36 a name in GNU's way and in pax",
    layers: [namedTwice, ".wh.x"],
    free: "pax-name ∥ -",
    based: "= ∥ =",
  },
  { name: "37 sparse file", layers: ["x(9) f(1MB,stored=1024)", ".wh.x"], free: "f ∥ -", based: "= ∥ =" },
  {
    name: "38 hardlink with a size",
    layers: [sizedLink, ".wh.x"],
    free: "!hardlink-with-size ∥ =",
    based: "= ∥ =",
  },
  { name: "39 device 0:0", layers: ["k(1) x[char=0:0]", "k(2)"], free: "x ∥ =", based: "= ∥ =" },
  {
    name: "40 one layer twice",
    layers: ["a/[mtime=5] a/f(100,h)", "a/[mtime=5] a/f(100,h)"],
    free: "a/ ∥ =",
    based: "= ∥ =",
  },
  {
    name: "41 empty layers",
    layers: ["x(1) f(2)", ended(), ".wh.x"],
    free: "f ∥ = ∥ -",
    based: "= ∥ = ∥ =",
    compress: gzipSync,
  },
  {
    name: "42 layer.tar is a link to another layer",
    layers: ["x(9) f(1)", "a/[mtime=5] a/f(100,h) .wh.x(0,mtime=5)", "k(1)", "a/[mtime=5] a/f(100,h) .wh.x"],
    free: "f ∥ a/ ∥ = ∥ a/ a/f",
    based: "= ∥ a/ .wh.x ∥ = ∥ a/ a/f",
    linked: true,
  },
  {
    name: "43 history of fewer layers",
    layers: ["x(9)", "f(1)", ".wh.x"],
    free: " ∥ = ∥ ",
    based: "= ∥ = ∥ =",
    history: [{ created_by: "x" }, { created_by: "f" }],
  },
  {
    name: "43 history of more layers",
    layers: ["x(9)", "f(1)", ".wh.x"],
    free: " ∥ = ∥ ",
    based: "= ∥ = ∥ =",
    history: ["x", "f", "g", "h"].map((created_by) => ({ created_by })),
  },
  {
    name: "44 Windows",
    layers: ["Files/ Files/a(5) Hives/ Hives/x(7)", "Files/ Files/.wh.a"],
    free: "!windows ∥ !windows",
    based: "= ∥ !windows",
    platform: { os: "windows", architecture: "amd64" },
  },
  {
    name: "45 eStargz",
    layers: ["stargz.index.json(100) .no.prefetch.landmark(1) f(10)", "f(2)"],
    free: "stargz.index.json .no.prefetch.landmark ∥ =",
    based: "= ∥ =",
  },
  {
    name: "46 whiteout below a symlink of its layer",
    layers: ["a/ a/f(100) b/", "a→b a/.wh.f"],
    free: "b/ ∥ !parent-not-dir",
    based: "= ∥ !parent-not-dir",
  },
  { name: "A link target deleted above", layers: ["a(100) b≡a", ".wh.a"], free: "b ∥ -", based: "= ∥ =" },
  {
    name: "B link target overwritten",
    layers: ["a(100) b≡a c≡a", "a(30)"],
    free: "b c≡b ∥ =",
    based: "= ∥ =",
  },
  { name: "C dir to file", layers: ["d/ d/x(9) k(1)", "d(5)"], free: "k ∥ =", based: "= ∥ =" },
  { name: "C2 dir to symlink", layers: ["d/ d/x(9) k(1)", "d→k"], free: "k ∥ =", based: "= ∥ =" },
  {
    name: "D whiteout of a dir that comes again",
    layers: ["d/ d/old(9)", ".wh.d d/ d/new(1)"],
    free: "- ∥ d/ d/new",
    based: "= ∥ =",
  },
  {
    name: "D2 same, whiteout last",
    layers: ["d/ d/old(9)", "d/ d/new(1) .wh.d"],
    free: "- ∥ d/ d/new",
    based: "= ∥ =",
  },
  {
    name: "E opaque before",
    layers: ["d/ d/old(9)", "d/ d/.wh..wh..opq d/new(1)"],
    free: "d/ ∥ d/ d/new",
    based: "= ∥ =",
  },
  {
    name: "E2 opaque after",
    layers: ["d/ d/old(9)", "d/ d/new(1) d/.wh..wh..opq"],
    free: "d/ ∥ d/ d/new",
    based: "= ∥ =",
  },
  {
    name: "F whiteouts of dir and child",
    layers: ["d/ d/x(9) k(1)", ".wh.d d/.wh.x"],
    free: "k ∥ -",
    based: "= ∥ .wh.d",
  },
  {
    name: "G phantom in a new dir",
    layers: ["k(1)", "d/ d/.wh.x d/y(1)"],
    free: "= ∥ d/ d/y",
    based: "= ∥ d/ d/y",
  },
  { name: "G2 phantom under a missing dir", layers: ["k(1)", "d/.wh.x"], free: "= ∥ -", based: "= ∥ -" },
  { name: "H parent entry missing", layers: ["p/[0700] p/a(1)", "p/b(1)"], free: "= ∥ =", based: "= ∥ =" },
  {
    name: "I hardlink to a lower layer",
    layers: ["a(9)", "b≡a"],
    free: "!cross-layer-hardlink ∥ !cross-layer-hardlink",
    based: "= ∥ !cross-layer-hardlink",
  },
  { name: "J whiteout and re-add", layers: ["a(9)", ".wh.a a(1)"], free: "- ∥ a", based: "= ∥ a" },
  { name: "J2 reversed", layers: ["a(9)", "a(1) .wh.a"], free: "- ∥ a", based: "= ∥ a" },
  { name: "K duplicate paths with a link", layers: ["a(9) b≡a a(5)"], free: "!duplicate-path", based: "=" },
  {
    name: "M written through a symlink",
    layers: ["usr/ usr/bin/ usr/bin/x(1) bin→usr/bin", "bin/t(7)"],
    free: "= ∥ !parent-not-dir",
    based: "= ∥ !parent-not-dir",
  },
  {
    name: "N deleted through a symlink",
    layers: ["usr/ usr/bin/ usr/bin/t(5) bin→usr/bin", "bin/.wh.t"],
    free: "= ∥ !parent-not-dir",
    based: "= ∥ !parent-not-dir",
  },
  {
    name: "O ./ before some names",
    layers: ["./ ./a/ a/f(1) ./x(9)", "a/ ./a/g(2) ./.wh.x"],
    free: "/ a/ a/f ∥ a/ a/g",
    based: "= ∥ =",
  },
  {
    name: "P a link, then its target deleted in the same layer",
    layers: ["f(9)", "g≡f .wh.f", "k(1) .wh.g"],
    free: "!dangling-hardlink ∥ !dangling-hardlink ∥ =",
    based: "= ∥ !dangling-hardlink ∥ =",
  },
  {
    name: "P the target deleted before the link",
    layers: ["f(9)", ".wh.f g≡f", "k(1) .wh.g"],
    free: "!dangling-hardlink ∥ !dangling-hardlink ∥ =",
    based: "= ∥ !dangling-hardlink ∥ =",
  },
  {
    name: "P a file over a link that leads nowhere, and its whiteout",
    layers: ["k(1)", "d/ d/g≡f", "d/ d/g(5) d/h(1)", "d/ d/.wh.g"],
    free: "!dangling-hardlink ∥ !dangling-hardlink ∥ d/ d/h ∥ =",
    based: "= ∥ !dangling-hardlink ∥ d/ d/h ∥ =",
  },
  {
    name: "P the folder of such a link deleted, and made again",
    layers: ["k(1)", "d/ d/g≡f", ".wh.d", "d/ d/h(1)"],
    free: "!dangling-hardlink ∥ !dangling-hardlink ∥ = ∥ =",
    based: "= ∥ !dangling-hardlink ∥ = ∥ =",
  },
  {
    name: "P the root with such a link emptied",
    layers: ["k(1)", "g≡f", ".wh..wh..opq h(1)", ".wh.g i(1)"],
    free: "!dangling-hardlink ∥ !dangling-hardlink ∥ = ∥ i",
    based: "= ∥ !dangling-hardlink ∥ = ∥ i",
  },
  {
    name: "P the folder of such a link emptied",
    layers: ["k(1)", "d/ d/g≡f", "d/ d/.wh..wh..opq d/h(1)", "d/ d/.wh.g d/i(1)"],
    free: "!dangling-hardlink ∥ !dangling-hardlink ∥ = ∥ d/ d/i",
    based: "= ∥ !dangling-hardlink ∥ = ∥ d/ d/i",
  },
];
