/** Python's installer. */
import { xdg } from "../tool-caches.ts";
import type { Tool } from "../tool.ts";

/** Requirements of Python that say by their name what they are for: `-r requirements-dev.txt`, `.[test]`. */
export const developmentRequirements =
  /(?:^|[/_.-])(?:dev|develop|development|test|tests|testing|lint|docs)(?:[_.-]?requirements)?\.(?:txt|in)$|^\.?[^[\]]*\[(?:[^\]]*,)?(?:dev|test|tests|testing|lint|docs)(?:,[^\]]*)?\]$/i;

export const pip: Tool = {
  id: "pip",
  names: ["pip", "pip2", "pip3"],
  source: "pip documentation, Caching: default paths, --no-cache-dir, PIP_CACHE_DIR",
  // optparse takes any beginning that is no other option's: pip documentation, pip install
  options: [
    {
      short: "rcetifCwd",
      long: "--requirement --constraint --editable --target --index-url --find-links --config-settings --global-option --build-option --install-option --wheel-dir --dest --python --log --keyring-provider --proxy --retries --timeout --exists-action --trusted-host --cert --client-cert --cache-dir --use-feature --use-deprecated --platform --python-version --implementation --abi --root --prefix --src --upgrade-strategy --no-binary --only-binary --progress-bar --root-user-action --report --extra-index-url --group --resume-retries --uploaded-prior-to --build-constraint".split(
        " ",
      ),
      flags:
        "-h --help --debug --isolated --require-virtualenv -v --verbose -V --version -q --quiet --no-input --no-cache-dir --disable-pip-version-check --no-color --no-python-version-warning --no-deps --pre --dry-run --user -U --upgrade --force-reinstall -I --ignore-installed --ignore-requires-python --no-build-isolation --use-pep517 --no-use-pep517 --check-build-dependencies --break-system-packages --compile --no-compile --no-warn-script-location --no-warn-conflicts --prefer-binary --require-hashes --no-clean --no-index -y --yes".split(
          " ",
        ),
      abbreviates: true,
    },
  ],
  known:
    "install wheel download uninstall cache list freeze show check config debug index hash inspect".split(
      " ",
    ),
  caches: [
    {
      what: "pip's cache",
      // the second is that of Windows: %LocalAppData%\pip\Cache
      path: /(?:^|\/)\.cache\/pip\/.|(?:^|\/)AppData\/Local\/pip\/[Cc]ache\/./,
      folder: "~/.cache/pip",
      variables: [{ name: "PIP_CACHE_DIR", below: "" }, ...xdg("pip/")],
      refills: true,
      aliases: ["DL3042"],
    },
  ],
  writers: [
    {
      verbs: ["install", "wheel", "download"],
      fills: [0],
      avoidedByFlags: ["--no-cache-dir"],
      elsewhereByFlags: ["--cache-dir", "--no-index", "--dry-run", "--isolated"],
      atHand: /\.whl$/,
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
      // pip reads every value of it as "no cache", 0 and off too
      avoidedByAnyValueOf: ["PIP_NO_CACHE_DIR", "PIP_NO_INDEX"],
    },
  ],
  cleaners: [
    { words: ["cache", "purge"], empties: { cache: 0 } },
    {
      names: ["python", "python2", "python3"],
      words: ["-m", "pip", "cache", "purge"],
      empties: { cache: 0 },
    },
    { names: ["python", "python2", "python3"], words: ["pip", "cache", "purge"] },
  ],
  remedies: [
    {
      clears: [0],
      insert: "--no-cache-dir",
    },
  ],
  title: "pip",
  example: {
    run: "pip install flask",
    leftover: "root/.cache/pip/http-v2/a/b/body",
    innocent: "usr/lib/python3/dist-packages/pip/_internal/cache.py",
  },
  advice: "Use pip install --no-cache-dir, or mount a cache: RUN --mount=type=cache,target=/root/.cache/pip.",
  requirements: {
    names: ["pip", "pip2", "pip3", "python", "python2", "python3"],
    options: ["-r", "--requirement"],
    development: developmentRequirements,
    manifests: ["requirements.txt"],
  },
  removal: { word: /^(?:uninstall|remove)$/ },
  building: {
    how: "maybe",
    verbs: ["install", "wheel"],
    never: /^(?:pip|setuptools|wheel|pipenv|poetry|uv|virtualenv|build|pip-tools)(?:[=<>~!].*)?$/,
  },
};
