/** Files in a project's folder that hardly ever belong into its image. */

export type ContextKind = "vcs" | "dependencies" | "output" | "secret" | "cache" | "editor" | "log";

export interface Unwanted {
  readonly kind: ContextKind;
  /** Names of folders or files. */
  readonly name: RegExp;
  readonly is: "folder" | "file";
  /** A path that the folder must hold, for common names such as `target`. */
  readonly holds?: RegExp;
  /** Applies only if a command of the Dockerfile creates it, so that the copy is useless. */
  readonly isMade?: true;
  /** Commands that use it; with one of them in the Dockerfile it is wanted. */
  readonly usedBy?: readonly string[];
  readonly source: string;
}

export const unwantedInContext: readonly Unwanted[] = [
  {
    kind: "vcs",
    name: /^\.git$/,
    is: "folder",
    usedBy: ["git", "git-lfs", "goreleaser"],
    source: "gitrepository-layout(5)",
  },
  {
    kind: "vcs",
    name: /^\.(?:svn|hg|bzr)$/,
    is: "folder",
    usedBy: ["svn", "hg", "bzr"],
    source: "Subversion, Mercurial and Bazaar documentation",
  },
  {
    kind: "dependencies",
    name: /^node_modules$/,
    is: "folder",
    isMade: true,
    source: "npm documentation, folders",
  },
  {
    kind: "dependencies",
    name: /^\.?venv$/,
    is: "folder",
    holds: /^pyvenv\.cfg$/,
    source: "Python documentation, venv",
  },
  {
    kind: "output",
    name: /^target$/,
    is: "folder",
    holds: /^(?:CACHEDIR\.TAG|\.rustc_info\.json)$/,
    isMade: true,
    source: "The Cargo Book, Build cache",
  },
  {
    kind: "output",
    name: /^coverage$/,
    is: "folder",
    holds: /^(?:lcov\.info|coverage-final\.json|clover\.xml)$/,
    source: "Istanbul documentation, reporters",
  },
  {
    kind: "cache",
    name: /^(?:__pycache__|\.pytest_cache|\.mypy_cache|\.ruff_cache|\.tox|\.nox|\.nyc_output|\.parcel-cache|\.turbo|\.gradle|\.terraform|\.vagrant|\.eslintcache|\.sass-cache)$/,
    is: "folder",
    source:
      "Documentation of Python (PEP 3147), pytest, mypy, Ruff, tox, nox, nyc, Parcel, Turborepo, Gradle, Terraform, Vagrant",
  },
  {
    kind: "secret",
    name: /^\.env(?:\.(?!example$|sample$|template$|dist$|defaults$|test$)[\w-]+)*$/,
    is: "file",
    source: "dotenv documentation",
  },
  {
    kind: "secret",
    name: /^(?:id_(?:rsa|dsa|ecdsa|ed25519)|\.netrc|\.git-credentials)$/,
    is: "file",
    source: "ssh-keygen(1), curl(1), git-credential-store(1)",
  },
  {
    kind: "secret",
    name: /^\.(?:aws|ssh|gnupg)$/,
    is: "folder",
    source: "AWS CLI, OpenSSH and GnuPG documentation",
  },
  {
    kind: "editor",
    name: /^\.(?:idea|vscode|vs)$/,
    is: "folder",
    source: "JetBrains and Visual Studio documentation",
  },
  {
    kind: "editor",
    name: /^(?:\.DS_Store|Thumbs\.db|desktop\.ini|\.[^/]+\.sw[op])$/,
    is: "file",
    source: "macOS, Windows and Vim documentation",
  },
  {
    kind: "log",
    name: /^(?:npm-debug\.log.*|yarn-(?:debug|error)\.log.*|pnpm-debug\.log.*)$/,
    is: "file",
    source: "npm, Yarn and pnpm documentation",
  },
];
