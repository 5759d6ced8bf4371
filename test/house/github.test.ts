/** .github: GitHub reports a mistake in these files only once they are on the default branch. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseDocument } from "yaml";
import { homepage } from "../../src/project.ts";

const root = join(import.meta.dirname, "../..");

interface Step {
  readonly uses?: string;
  readonly run?: string;
}

interface Job {
  readonly "runs-on": string;
  readonly strategy?: {
    readonly matrix: { readonly os?: readonly string[]; readonly node: readonly number[] };
  };
  readonly steps: readonly Step[];
}

interface Workflow {
  readonly name: string;
  readonly on: object;
  readonly permissions: object;
  readonly jobs: Readonly<Record<string, Job>>;
}

interface FormItem {
  readonly type: string;
  readonly id?: string;
  readonly attributes: {
    readonly label?: string;
    readonly value?: string;
    readonly options?: readonly string[];
  };
  readonly validations?: { readonly required: boolean };
}

interface Form {
  readonly name: string;
  readonly description: string;
  readonly body: readonly FormItem[];
}

interface Updates {
  readonly version: number;
  readonly updates: readonly {
    readonly "package-ecosystem": string;
    readonly directory: string;
    readonly schedule: { readonly interval: string };
    readonly ignore?: readonly { readonly "dependency-name": string }[];
  }[];
}

const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  scripts: Record<string, string>;
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
};

/** Throws where the file is no strict YAML, for example where a key stands twice. */
function load(file: string): unknown {
  const document = parseDocument(readFileSync(join(root, ".github", file), "utf8"), { strict: true });
  expect([...document.errors, ...document.warnings].map(({ message }) => message)).toEqual([]);
  return document.toJS();
}

describe.each(readdirSync(join(root, ".github/workflows")))("workflows/%s", (file) => {
  const workflow = load(`workflows/${file}`) as Workflow;
  const jobs = Object.entries(workflow.jobs);
  const commands = jobs.flatMap(([, { steps }]) => steps.flatMap(({ run }) => (run ?? "").split("\n")));

  test("has what GitHub requires, and reads only", () => {
    expect(workflow).toMatchObject({
      name: expect.any(String),
      on: expect.any(Object),
      permissions: { contents: "read" },
    });
    for (const [, job] of jobs) {
      expect(job["runs-on"]).toEqual(expect.any(String));
      expect(job.steps.length).toBeGreaterThan(0);
      for (const { uses, run } of job.steps)
        expect([uses, run].filter((each) => each !== undefined)).toHaveLength(1);
    }
  });

  test("names scripts that package.json has", () => {
    const named = commands.flatMap((run) => [...run.matchAll(/\bnpm (?:run (\S+)|(test)\b)/g)]);
    expect(named.length).toBeGreaterThan(0);
    const missing = named
      .map(([, script, own]) => script ?? own ?? "")
      .filter((name) => !(name in manifest.scripts));
    expect(missing).toEqual([]);
  });

  test("runs files that are there once it has built", () => {
    const files = commands.flatMap((run) => /^node (.+)$/.exec(run)?.[1]?.split(" ") ?? []);
    const paths = files.filter((word) => word.includes("/") && !word.startsWith("dist/"));
    expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  test("takes actions at a version", () => {
    const uses = jobs.flatMap(([, { steps }]) => steps.flatMap((step) => step.uses ?? []));
    expect(uses.filter((each) => !/^[\w-]+\/[\w-]+@v\d+$/.test(each))).toEqual([]);
  });
});

describe("the workflow of every change", () => {
  const { jobs } = load("workflows/ci.yml") as Workflow;
  const nodes = [20, 22, 24];

  test("checks, tests and packs on Linux and macOS, with every Node that is supported", () => {
    const { strategy, steps } = jobs["test"]!;
    expect(strategy?.matrix).toEqual({ os: ["ubuntu-latest", "macos-latest"], node: nodes });
    expect(steps.flatMap(({ run }) => run ?? [])).toEqual([
      "npm ci",
      "npm run check",
      "npm test",
      "npm pack",
    ]);
  });

  test("tests on Windows what concerns Dockerfiles alone", () => {
    const { strategy, steps, ...job } = jobs["windows"]!;
    expect([job["runs-on"], strategy?.matrix.node]).toEqual(["windows-latest", nodes]);
    expect(steps.flatMap(({ run }) => run ?? [])).toContain("npm run test:dockerfile");
  });

  test("npm run test:dockerfile names folders that are there", () => {
    const folders = manifest.scripts["test:dockerfile"]!.split(" ").filter((word) =>
      word.startsWith("test/"),
    );
    expect(folders.length).toBeGreaterThan(0);
    expect(folders.filter((folder) => !existsSync(join(root, folder)))).toEqual([]);
  });
});

const forms = readdirSync(join(root, ".github/ISSUE_TEMPLATE")).filter((file) => file !== "config.yml");

describe.each(forms)("ISSUE_TEMPLATE/%s", (file) => {
  const form = load(`ISSUE_TEMPLATE/${file}`) as Form;

  test("has what GitHub requires", () => {
    expect(form).toMatchObject({ name: expect.any(String), description: expect.any(String) });
    const ids = form.body.flatMap(({ id }) => id ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { type, id, attributes } of form.body) {
      expect(["markdown", "input", "textarea", "dropdown", "checkboxes"]).toContain(type);
      if (type === "markdown") expect(attributes.value).toEqual(expect.any(String));
      else expect([id, attributes.label]).toEqual([expect.stringMatching(/^[\w-]+$/), expect.any(String)]);
      if (type === "dropdown") expect(attributes.options?.length).toBeGreaterThan(1);
    }
  });
});

test("a report of a wrong finding asks for Dockerfile, history and the expected result", () => {
  const { body } = load("ISSUE_TEMPLATE/wrong-finding.yml") as Form;
  const required = new Map(body.map(({ id, validations }) => [id, validations?.required ?? false]));
  expect(["dockerfile", "expected", "actual", "history"].map((id) => required.get(id))).toEqual([
    true,
    true,
    true,
    false,
  ]);
});

test("there is no issue without a form", () => {
  const config = load("ISSUE_TEMPLATE/config.yml") as {
    blank_issues_enabled: boolean;
    contact_links: Record<string, string>[];
  };
  expect(config.blank_issues_enabled).toBe(false);
  for (const link of config.contact_links)
    expect(link).toEqual({
      name: expect.any(String),
      url: expect.stringMatching(`^${homepage}/`),
      about: expect.any(String),
    });
});

test("updates of packages and actions are asked for, without those that were left out by mistake", () => {
  const { version, updates } = load("dependabot.yml") as Updates;
  expect(version).toBe(2);
  expect(updates.map((each) => each["package-ecosystem"])).toEqual(["npm", "github-actions"]);
  for (const { directory, schedule } of updates)
    expect([directory, schedule.interval]).toEqual(["/", expect.stringMatching(/^(daily|weekly|monthly)$/)]);
  const packages = { ...manifest.dependencies, ...manifest.devDependencies };
  const ignored = updates.flatMap(({ ignore = [] }) => ignore.map((each) => each["dependency-name"]));
  expect(ignored.filter((name) => !(name in packages))).toEqual([]);
});
