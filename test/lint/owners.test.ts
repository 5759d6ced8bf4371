/** Every dead file has one owner: random stacks through the rules. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { allRules } from "../../rules/index.ts";
import type { Cause, DeadFile, Finding } from "../../src/rule/contract.ts";
import { stack } from "../rootfs/random-stacks.ts";
import { run, subjectOf } from "../support/subject.ts";

const ownerOf: Readonly<Record<Cause, string>> = {
  deleted: "deleted-later",
  opaque: "deleted-later",
  replaced: "deleted-later",
  overwritten: "rewritten-later",
  "metadata-only": "metadata-rewrite",
  identical: "identical-rewrite",
  "duplicate-entry": "duplicate-entry",
  "aufs-metadata": "aufs-metadata",
};
const owners = allRules.filter(({ id }) => Object.values(ownerOf).includes(id));

test("every dead file with bytes is in one finding, of the rule that owns its cause", async () => {
  await fc.assert(
    fc.asyncProperty(stack, fc.nat(5), async (layers, base) => {
      const subject = await subjectOf({ layers, base: Math.min(base, layers.length) });
      const view = subject.image!;
      const { layers: above } = view.origins.base;
      const isCopy = ({ cause, addedIn, hiddenIn }: DeadFile) =>
        addedIn < above && hiddenIn >= above && /^(?:meta|ident)/.test(cause);
      const copies = new Set(view.rootfs.deadFiles.filter(isCopy).map(({ by }) => by));
      const found = owners.flatMap((rule) => run(rule, subject).map((finding) => ({ id: rule.id, finding })));
      for (const deadFile of view.rootfs.deadFiles) {
        const { cause, entry, addedIn, hiddenIn, by, bytes } = deadFile;
        if (bytes === 0) continue;
        // of a base file that was only copied, the new copy is what can be avoided
        const [layer, wanted] = isCopy(deadFile) ? [hiddenIn, by] : [addedIn, entry];
        const has = ({ inodes = [] }: Finding) =>
          inodes.some((inode) => inode.layer === layer && inode.entry === wanted);
        const mine = found.filter(({ finding }) => has(finding));
        const insideBase = hiddenIn < above && !/^(?:dup|aufs)/.test(cause);
        const owner = insideBase ? "deleted-later" : ownerOf[cause];
        expect(mine.map(({ id }) => id).filter((id) => id === owner)).toEqual([owner]);
        // a copy of a base file may die in its turn, and then has an owner for that too
        if (isCopy(deadFile)) continue;
        const others = mine.filter(({ id }) => id !== owner).map(({ id }) => id);
        expect(others.filter((id) => id !== "metadata-rewrite" && id !== "identical-rewrite")).toEqual([]);
        if (others.length > 0) expect(copies.has(entry)).toBe(true);
      }
      for (const { finding } of found) {
        const { bytes, inodes = [] } = finding;
        if (bytes !== undefined) expect(inodes.reduce((sum, { entry }) => sum + entry.size, 0)).toBe(bytes);
      }
    }),
    { numRuns: 500, seed: 3 },
  );
});
