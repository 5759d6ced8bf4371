/** fixtures/buildkit/cases.json: questions that BuildKit's parsers were asked, with their answers. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

export interface DockerfileAnswer {
  readonly error?: string;
  readonly escape?: string;
  readonly instructions?: readonly {
    readonly keyword: string;
    readonly lines: readonly [number, number];
    readonly words: readonly string[] | null;
    readonly flags: readonly string[] | null;
    readonly json: boolean;
    readonly heredocs:
      | readonly {
          readonly name: string;
          readonly content: string;
          readonly expand: boolean;
          readonly chomp: boolean;
        }[]
      | null;
  }[];
  readonly stages?: readonly (readonly string[])[];
}

type Case =
  | readonly [{ readonly dockerfile: string }, DockerfileAnswer]
  | readonly [{ readonly word: string; readonly escape: string }, { readonly value?: string }]
  | readonly [
      { readonly ignore: string; readonly paths: readonly string[] },
      { readonly error?: string; readonly ignored?: readonly boolean[] },
    ];

const file = join(import.meta.dirname, "../../fixtures/buildkit/cases.json");
const { env, cases } = JSON.parse(readFileSync(file, "utf8")) as {
  readonly env: readonly string[];
  readonly cases: readonly Case[];
};

/** What the words were expanded with. */
export const variables = new Map(
  env.map((pair): [string, string] => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]),
);

export const dockerfiles = cases.flatMap(([question, answer]) =>
  "dockerfile" in question ? [[question.dockerfile, answer as DockerfileAnswer] as const] : [],
);

export const words = cases.flatMap(([question, answer]) =>
  "word" in question
    ? [[question.word, question.escape, (answer as { readonly value?: string }).value] as const]
    : [],
);

export const ignoreFiles = cases.flatMap(([question, answer]) =>
  "ignore" in question
    ? [
        [
          question.ignore,
          question.paths,
          answer as { readonly error?: string; readonly ignored?: boolean[] },
        ] as const,
      ]
    : [],
);
