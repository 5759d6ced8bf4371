/** Commands that install what a manifest of the project lists, and the manifests they read. */
import type { Command } from "../shell/script.ts";

export interface DependencyInstall {
  readonly is: (command: Command) => boolean;
  /** File names, the most important first. */
  readonly manifests: readonly string[];
}

export const dependencyInstalls: readonly DependencyInstall[] = [
  {
    is: verb(["npm"], ["ci", "install", "i", "clean-install"], true),
    manifests: ["package.json", "package-lock.json", "npm-shrinkwrap.json"],
  },
  { is: (command) => isYarn(command), manifests: ["package.json", "yarn.lock"] },
  { is: verb(["pnpm"], ["install", "i", "fetch"], true), manifests: ["package.json", "pnpm-lock.yaml"] },
  { is: verb(["bun"], ["install", "i"], true), manifests: ["package.json", "bun.lock", "bun.lockb"] },
  { is: (command) => isRequirements(command), manifests: ["requirements.txt"] },
  { is: verb(["poetry"], ["install"], true), manifests: ["pyproject.toml", "poetry.lock"] },
  {
    is: verb(["uv", "pdm"], ["sync", "install"], true),
    manifests: ["pyproject.toml", "uv.lock", "pdm.lock"],
  },
  { is: verb(["pipenv"], ["install", "sync"], true), manifests: ["Pipfile", "Pipfile.lock"] },
  { is: verb(["bundle", "bundler"], ["install"], true), manifests: ["Gemfile", "Gemfile.lock"] },
  { is: verb(["composer"], ["install"], true), manifests: ["composer.json", "composer.lock"] },
  { is: (command) => isGoDownload(command), manifests: ["go.mod", "go.sum"] },
  { is: verb(["cargo"], ["fetch"], true), manifests: ["Cargo.toml", "Cargo.lock"] },
  { is: verb(["mix"], ["deps.get"], true), manifests: ["mix.exs", "mix.lock"] },
];

function operandsOf({ args }: Command): (string | undefined)[] {
  return args.filter(({ value }) => value?.startsWith("-") !== true).map(({ value }) => value);
}

/** `alone`: with another operand it installs that, and no manifest. */
function verb(names: readonly string[], verbs: readonly string[], alone: boolean) {
  return (command: Command): boolean => {
    const [first, ...more] = operandsOf(command);
    if (command.name === undefined || first === undefined) return false;
    return names.includes(command.name) && verbs.includes(first) && (!alone || more.length === 0);
  };
}

function isYarn(command: Command): boolean {
  const operands = operandsOf(command);
  return (
    command.name === "yarn" && (operands.length === 0 || (operands.length === 1 && operands[0] === "install"))
  );
}

/** `pip install -r requirements.txt`, `python -m pip install -r …`. */
function isRequirements({ name, args }: Command): boolean {
  const words = args.map(({ value }) => value);
  const isPip =
    /^pip[\d.]*$/.test(name ?? "") || (/^python[\d.]*$/.test(name ?? "") && words.includes("pip"));
  return (
    isPip && words.includes("install") && words.some((word) => word === "-r" || word === "--requirement")
  );
}

function isGoDownload(command: Command): boolean {
  const [first, second] = operandsOf(command);
  return command.name === "go" && first === "mod" && second === "download";
}
