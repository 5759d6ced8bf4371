/** Poetry, a manager of Python projects. */
import { xdg } from "../tool-caches.ts";
import type { Tool } from "../tool.ts";

export const poetry: Tool = {
  id: "poetry",
  names: ["poetry"],
  source: "Poetry documentation, Configuration: cache-dir, http-basic, pypi-token",
  // Cleo: no abbreviations
  options: [
    {
      short: "PCEG",
      long: "--project --directory --only --without --with --extras --group --python --format --output --source --platform".split(
        " ",
      ),
      flags:
        "-h --help -q --quiet -V --version --ansi --no-ansi -n --no-interaction --no-plugins --no-cache -v --verbose --no-root --no-dev --sync --compile --dry-run --no-directory --all-extras --all-groups --only-root".split(
          " ",
        ),
    },
  ],
  known:
    "install add update remove lock sync export config env self show check version init new cache source search about".split(
      " ",
    ),
  caches: [
    {
      what: "Poetry's cache",
      path: /(?:^|\/)\.cache\/pypoetry\/(?:cache|artifacts)\/./,
      folder: "~/.cache/pypoetry",
      mounts: ["~/.cache/pypoetry/cache", "~/.cache/pypoetry/artifacts"],
      // its virtual environments are beside them
      variables: [
        { name: "POETRY_CACHE_DIR", below: "cache/" },
        { name: "POETRY_CACHE_DIR", below: "artifacts/" },
        ...xdg("pypoetry/cache/"),
        ...xdg("pypoetry/artifacts/"),
      ],
      refills: true,
    },
  ],
  writers: [
    {
      verbs: ["install", "add", "update"],
      fills: [0],
      avoidedByFlags: ["--no-cache"],
      avoidedByVariables: ["POETRY_NO_CACHE"],
    },
  ],
  cleaners: [{ words: ["cache", "clear"], empties: { cache: 0, with: ["--all"] } }],
  remedies: [
    { clears: [0], insert: "--no-cache", unsafe: "a later poetry install of the build may want the cache" },
  ],
  secrets: {
    words: [
      { behind: /^http-basic\./, skip: 1 },
      { behind: /^(?:pypi-token)\./, skip: 0 },
    ],
  },
  title: "Poetry",
  example: {
    run: "poetry install",
    leftover: "root/.cache/pypoetry/artifacts/aa/x.whl",
    innocent: "root/.cache/pypoetry/virtualenvs/app/bin/python",
  },
  advice:
    "Use poetry install --no-cache, or mount a cache: RUN --mount=type=cache,target=/root/.cache/pypoetry.",
  project: {
    verbs: ["install", "sync"],
    manifests: ["pyproject.toml", "poetry.lock"],
    development: {
      options: /^(?:--only(?:=.*)?|--without(?:=.*)?|--no-dev|--only-root|--dry-run)$/,
      variables: [],
      prunes: [],
      word: "--only=main",
      source: "Poetry documentation, install: --only",
    },
  },
  building: { how: "maybe", verbs: ["install", "sync", "pip"] },
};
