import { layerOf, isProvenByLayers } from "../../src/analysis/layer-evidence.ts";
import { lineOf } from "../../src/analysis/steps/option-words.ts";
import { defined } from "../../src/defined.ts";
import { addWord } from "../../src/edits/add-word.ts";
import { isEditable } from "../../src/edits/editability.ts";
import { commandRule } from "../../src/rule/command-rule.ts";
import {
  formatBytes,
  type Command,
  type Fix,
  type ImageView,
  type LiveFile,
  type Step,
  type BuildSubject,
} from "../../src/rule/contract.ts";
import type { PlaceFinding } from "../../src/rule/text-finding.ts";

/** From this user number on the records take tens of MB: lastlog(8) keeps 292 bytes for each number below. */
const LARGE = 100_000;
const RECORD = 292;

export const sparseLoginLogs = commandRule({
  id: "sparse-login-logs",
  aliases: ["DL3046"],
  category: "size",
  severity: "warning",
  reads: "build",
  docs: {
    summary: "useradd with a large user id inflates the login records up to that number",
    what: "From the Dockerfile: `useradd` with a user id of six digits or more and without `--no-log-init`, in a stage that ends up in the image. It is `info`, because newer versions of useradd (in Debian 12, for example) no longer write these records. With the image, only reported if the layer contains `/var/log/lastlog` or `/var/log/faillog`, with their bytes.",
    why: "`/var/log/lastlog` has a record for every number up to the largest user id. On disk the file is sparse; in a layer the holes become zeros: 29 MB for user id 100,000, and 1.2 GB for 4,000,000.",
    bad: [
      {
        title: "A user id from a directory service",
        dockerfile: "FROM debian:12\nRUN useradd -u 1200345 -m app\n",
      },
    ],
    good: [
      {
        title: "With --no-log-init",
        dockerfile: "FROM debian:12\nRUN useradd --no-log-init -u 1200345 -m app\n",
      },
      { title: "A small user id", dockerfile: "FROM debian:12\nRUN useradd -u 10001 app\n" },
    ],
    fix: "Adds `-l` to `useradd`. Safe: only the two files of login records differ.",
  },
  commands: ["useradd"],
  find(command, step, subject) {
    const uid = command.certain ? largeUid(command) : undefined;
    return uid === undefined ? undefined : findingOf(uid, command, step, subject);
  },
});

function largeUid(command: Command): number | undefined {
  const { options } = lineOf(command);
  if (options.some((option) => option.name === "-l" || option.name === "--no-log-init")) return undefined;
  const value = options.findLast((option) => option.name === "-u" || option.name === "--uid")?.value?.value;
  const uid = value !== undefined && /^\d+$/.test(value) ? Number(value) : 0;
  return uid >= LARGE ? uid : undefined;
}

function findingOf(
  uid: number,
  command: Command,
  step: Step,
  subject: BuildSubject,
): PlaceFinding | undefined {
  const { instruction } = step;
  const { image, dockerfile: view } = subject;
  const layer = layerOf(subject, instruction);
  const files = image === undefined || layer === undefined ? [] : recordsIn(image, layer);
  const bytes = files.reduce((sum, { entry }) => sum + entry.size, 0);
  if (bytes === 0 && isProvenByLayers(subject, instruction)) return undefined;
  const edit =
    isEditable(step, view) && command.word !== undefined ? addWord(command.word, "-l", view) : undefined;
  const fix: Fix[] =
    edit === undefined
      ? []
      : [
          {
            description: "add -l to useradd",
            safety: "safe",
            edits: [edit],
            ...defined({ bytes: layer === undefined ? undefined : bytes }),
          },
        ];
  const common = {
    advice: "Use useradd -l (--no-log-init): nobody reads the login records of a container.",
    fixes: fix,
  };
  if (layer === undefined)
    return {
      message: `line ${instruction.line} creates a user with the id ${uid}: with an older useradd the login records take up to ${formatBytes(uid * RECORD)} in the image`,
      // seen on Debian 12: its useradd leaves records alone that do not reach that far
      severity: "info",
      ...common,
    };
  return {
    message: `line ${instruction.line} creates a user with the id ${uid}: the login records take ${formatBytes(bytes)} in the image`,
    evidence: "both",
    bytes,
    inodes: files.map(({ entry }) => ({ layer, entry })),
    paths: files.map(({ entry }) => ({ path: entry.path, bytes: entry.size })),
    ...common,
  };
}

function recordsIn({ rootfs }: ImageView, layer: number): LiveFile[] {
  return [...rootfs.live].filter(
    (file) => file.layer === layer && /^var\/log\/(?:lastlog|faillog)$/.test(file.entry.path),
  );
}
