import { expect, test } from "vitest";
import { unpackings } from "../../src/analysis/archives/unpacking.ts";
import { subjectOf } from "../support/subject.ts";

/** The archive that a command unpacks, and where to if that is certain. */
async function unpacked(run: string): Promise<string> {
  const { dockerfile } = await subjectOf({ dockerfile: `FROM a\nWORKDIR /w\nRUN ${run}\n` });
  const found = unpackings(dockerfile!.steps.at(-1)!.script!.commands.at(-1)!);
  return found.map(({ path, into }) => `${path} → ${into ?? "?"}`).join(", ");
}

test.each([
  ["tar -xzf /a.tgz", "/a.tgz → /w"],
  ["tar xzf a.tgz", "/w/a.tgz → /w"],
  ["tar xfz /a.tgz", "/a.tgz → /w"],
  ["tar -xf /a.tgz -C /opt", "/a.tgz → /opt"],
  ["tar -xf /a.tgz -C/opt", "/a.tgz → /opt"],
  ["tar -v -C/opt -xf /a.tgz", "/a.tgz → /opt"],
  ["tar --extract --file /a.tgz --directory /opt", "/a.tgz → /opt"],
  ["tar -xf /a.tgz --directory=/opt", "/a.tgz → /opt"],
  ["tar -xf /a.tgz --verbose --directory=/opt", "/a.tgz → /opt"],
  ["tar --get --file /a.tgz --directory=/a=b", "/a.tgz → /a=b"],
  ["tar -xf /a.tgz --strip-components=1", "/a.tgz → ?"],
  ["tar -xkf /a.tgz", "/a.tgz → ?"],
  ["tar -xf /a.tgz member", "/a.tgz → ?"],
  ["tar a.b -xf /b.tgz", "/b.tgz → ?"],
  ["tar -xf/a.tgz", ""],
  ["tar -x --file=/a.tgz /b", ""],
  ["tar -xf /b.tgz --file=/a.tgz", ""],
  ["tar -cf /a.tgz x", ""],
  ["tar -xf -", ""],
  ["tar -xf *.tgz", ""],
  ["tar -xf /a.tgz $X", ""],
  ["ls | xargs tar -xf /a.tgz", ""],
  ["unzip /a.zip -d /opt", "/a.zip → ?"],
  ["unzip /a*.zip", ""],
])("%s unpacks: %s", async (run, wanted) => {
  expect(await unpacked(run)).toBe(wanted);
});
