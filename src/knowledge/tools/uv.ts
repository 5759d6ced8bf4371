/** uv, an installer of Python's packages. */
import { xdg } from "../tool-caches.ts";
import type { Tool } from "../tool.ts";
import { developmentRequirements } from "./pip.ts";

export const uv: Tool = {
  id: "uv",
  names: ["uv"],
  source: "uv documentation, Caching: cache directory, UV_NO_CACHE",
  // clap: no abbreviations
  options: [
    {
      short: "recbtifPCp",
      long: "--cache-dir --color --allow-insecure-host --directory --project --config-file --requirements --requirement --editable --constraints --constraint --overrides --override --excludes --build-constraints --build-constraint --extra --group --no-group --only-group --target --prefix --no-binary --only-binary --no-build-package --no-binary-package --python-version --python-platform --output-format --torch-backend --index --default-index --index-url --extra-index-url --find-links --index-strategy --keyring-provider --upgrade-package --upgrade-group --resolution --prerelease --fork-strategy --exclude-newer --exclude-newer-package --reinstall-package --link-mode --config-setting --no-build-isolation-package --refresh-package --python --package --no-install-package --with --with-requirements --with-editable".split(
        " ",
      ),
      flags:
        "-n --no-cache --no-cache-dir --managed-python --no-managed-python --no-python-downloads -q --quiet -v --verbose --system-certs --native-tls --offline --no-progress --no-config -h --help -V --version --preview --no-preview -U --upgrade --system --no-dev --frozen --locked --all-extras".split(
          " ",
        ),
    },
  ],
  known: [
    ..."sync add remove lock pip venv python export tree init version cache self build".split(" "),
    "tool install",
    "tool upgrade",
    "tool uninstall",
    "tool list",
    "tool dir",
    "tool update-shell",
  ],
  caches: [
    {
      what: "uv's cache",
      path: /(?:^|\/)\.cache\/uv\/./,
      folder: "~/.cache/uv",
      variables: [{ name: "UV_CACHE_DIR", below: "" }, ...xdg("uv/")],
      refills: true,
    },
  ],
  writers: [
    {
      verbs: ["sync", "add", "pip install", "pip sync", "tool install"],
      fills: [0],
      avoidedByFlags: ["--no-cache", "-n", "--no-cache-dir"],
      elsewhereByFlags: ["--cache-dir", "--offline", "--no-index", "--dry-run"],
      avoidedByVariables: ["UV_NO_CACHE"],
    },
  ],
  cleaners: [{ words: ["cache", "clean"] }, { words: ["cache", "prune"] }],
  remedies: [
    {
      clears: [0],
      insert: "--no-cache",
      unsafe: "uv may link files of its cache into the environment, and copies them without one",
    },
  ],
  title: "uv",
  example: {
    run: "uv sync",
    leftover: "home/me/.cache/uv/wheels-v1/x.whl",
    innocent: "app/.venv/lib/python3.12/site-packages/uv/x.py",
  },
  advice: "Use uv --no-cache, or mount a cache: RUN --mount=type=cache,target=/root/.cache/uv.",
  project: {
    verbs: ["sync"],
    manifests: ["pyproject.toml", "uv.lock"],
    development: {
      options: /^(?:--no-dev|--no-default-groups|--only-group(?:=.*)?|--dry-run)$/,
      variables: [{ name: "UV_NO_DEV", value: /^(?:1|true|yes|on)$/i }],
      prunes: [{ names: ["uv"], words: ["sync", "--no-dev"] }],
      word: "--no-dev",
      source: "uv documentation, uv sync: --no-dev",
    },
  },
  requirements: {
    names: ["uv"],
    options: ["-r", "--requirement"],
    development: developmentRequirements,
    manifests: ["requirements.txt"],
  },
  building: { how: "maybe", verbs: ["install", "sync", "pip"] },
};
