/** Python. */
import { xdg, type PackageManager } from "./record.ts";

export const pythonManagers: readonly PackageManager[] = [
  {
    id: "pip",
    caches: [
      {
        what: "pip's cache",
        path: /(?:^|\/)\.cache\/pip\/./,
        folder: "~/.cache/pip",
        variables: [{ name: "PIP_CACHE_DIR", below: "" }, ...xdg("pip/")],
      },
    ],
    writers: [
      {
        names: ["pip", "pip2", "pip3"],
        verbs: ["install", "wheel", "download"],
        fills: [0],
        avoidedByFlags: ["--no-cache-dir"],
        elsewhereByFlags: ["--cache-dir", "--no-index", "--dry-run", "--isolated"],
        atHand: /\.whl$/,
        avoidedByVariables: [],
        // pip reads every value of it as "no cache", 0 and off too
        avoidedByAnyValueOf: ["PIP_NO_CACHE_DIR", "PIP_NO_INDEX"],
      },
      {
        names: ["python", "python2", "python3"],
        module: "pip",
        verbs: ["install", "wheel", "download"],
        fills: [0],
        avoidedByFlags: ["--no-cache-dir"],
        elsewhereByFlags: ["--cache-dir", "--no-index", "--dry-run", "--isolated"],
        atHand: /\.whl$/,
        avoidedByVariables: [],
        // pip reads every value of it as "no cache", 0 and off too
        avoidedByAnyValueOf: ["PIP_NO_CACHE_DIR", "PIP_NO_INDEX"],
      },
    ],
    cleaners: [
      { names: ["pip", "pip2", "pip3"], words: ["cache", "purge"] },
      { names: ["python", "python2", "python3"], words: ["pip", "cache", "purge"] },
    ],
    remedies: [
      {
        clears: [0],
        insert: "--no-cache-dir",
        // the folder, or pip's own look into it
        readBy: /\.cache(?:\/pip|[\s/*"']*(?:\s|$))|\bpip[\d.]*["',\s]+cache\b/,
      },
    ],
    advice:
      "Use pip install --no-cache-dir, or mount a cache: RUN --mount=type=cache,target=/root/.cache/pip.",
    source: "pip documentation, Caching: default paths, --no-cache-dir, PIP_CACHE_DIR",
  },
  {
    id: "uv",
    caches: [
      {
        what: "uv's cache",
        path: /(?:^|\/)\.cache\/uv\/./,
        folder: "~/.cache/uv",
        variables: [{ name: "UV_CACHE_DIR", below: "" }, ...xdg("uv/")],
      },
    ],
    writers: [
      {
        names: ["uv"],
        verbs: ["sync", "add", "pip install", "pip sync", "tool install"],
        fills: [0],
        avoidedByFlags: ["--no-cache", "-n", "--no-cache-dir"],
        elsewhereByFlags: ["--cache-dir", "--offline", "--no-index", "--dry-run"],
        avoidedByVariables: ["UV_NO_CACHE"],
      },
    ],
    cleaners: [
      { names: ["uv"], words: ["cache", "clean"] },
      { names: ["uv"], words: ["cache", "prune"] },
    ],
    remedies: [
      {
        clears: [0],
        insert: "--no-cache",
        unsafe: "uv may link files of its cache into the environment, and copies them without one",
      },
    ],
    advice: "Use uv --no-cache, or mount a cache: RUN --mount=type=cache,target=/root/.cache/uv.",
    source: "uv documentation, Caching: cache directory, UV_NO_CACHE",
  },
  {
    id: "poetry",
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
      },
    ],
    writers: [
      {
        names: ["poetry"],
        verbs: ["install", "add", "update"],
        fills: [0],
        avoidedByFlags: ["--no-cache"],
        avoidedByVariables: ["POETRY_NO_CACHE"],
      },
    ],
    cleaners: [{ names: ["poetry"], words: ["cache", "clear"] }],
    remedies: [
      { clears: [0], insert: "--no-cache", unsafe: "a later poetry install of the build may want the cache" },
    ],
    advice:
      "Use poetry install --no-cache, or mount a cache: RUN --mount=type=cache,target=/root/.cache/pypoetry.",
    source: "Poetry documentation, Configuration: cache-dir",
  },
];
