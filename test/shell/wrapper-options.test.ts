import { expect, test } from "vitest";
import { subjectOf } from "../support/subject.ts";

test.each([
  ["sudo -u root apt-get update", "apt-get"],
  ["sudo -uroot apt-get update", "apt-get"],
  ["sudo -Eu root apt-get update", "apt-get"],
  ["sudo --us root apt-get update", "apt-get"],
  ["sudo --user=root apt-get update", "apt-get"],
  ["sudo -- apt-get update", "apt-get"],
  ["env -uPATHC apt-get update", "apt-get"],
  ["env --uns PATH apt-get update", "apt-get"],
  ["nice -n 5 apt-get update", "apt-get"],
  ["nice -n5 apt-get update", "apt-get"],
  ["timeout --kill 5 10 apt-get update", "apt-get"],
  ["timeout -k5 10 apt-get update", "apt-get"],
  ["xargs -r0n1 rm", "rm"],
  ["xargs -I {} rm {}", "rm"],
])("%s runs %s", async (run, name) => {
  const { dockerfile } = await subjectOf({ dockerfile: `FROM a\nRUN ${run}\n` });
  expect(dockerfile?.steps.at(-1)?.script?.commands[0]?.name).toBe(name);
});
