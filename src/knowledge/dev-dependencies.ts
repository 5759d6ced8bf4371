/** How package managers of projects are told to leave out what only development needs. */

export interface ProjectInstaller {
  readonly names: readonly string[];
  /** The first operand; `""` for none. */
  readonly verbs: readonly string[];
  /** `bundle install` and the like take no package names; with one it is another command. */
  readonly withoutOperands?: boolean;
  /** Options by which they stay out, or which are about something else. */
  readonly options: RegExp;
  /** Variables by which they stay out, with the values that do. */
  readonly variables: readonly { readonly name: string; readonly value: RegExp }[];
  /** Text of a step up to the command that settles it. */
  readonly setting?: RegExp;
  /** What removes them later. */
  readonly prunes: readonly { readonly names: readonly string[]; readonly words: readonly string[] }[];
  /** The word behind the verb that leaves them out, or a command before it that says so for good. */
  readonly word?: string;
  readonly before?: string;
  /** The word is only understood where one of these options shows which program it is. */
  readonly shownBy?: RegExp;
  readonly source: string;
}

const production = /^production$/;
const on = /^(?:1|true|yes|on)$/i;

export const projectInstallers: readonly ProjectInstaller[] = [
  {
    names: ["npm"],
    verbs: ["install", "i", "ci", "clean-install"],
    withoutOperands: true,
    options:
      /^(?:--omit=dev|--omit|--production(?:=true)?|--prod|--only(?:=.*)?|-g|--global|--location=global|--package-lock-only|--dry-run)$/,
    variables: [
      { name: "NODE_ENV", value: production },
      { name: "npm_config_production", value: on },
      { name: "NPM_CONFIG_PRODUCTION", value: on },
      { name: "npm_config_omit", value: /dev/ },
      { name: "NPM_CONFIG_OMIT", value: /dev/ },
      { name: "npm_config_only", value: /prod/ },
      { name: "NPM_CONFIG_ONLY", value: /prod/ },
    ],
    setting: /npm[ \t]+(?:config[ \t]+)?set[ \t]+(?:production|omit|only)\b/,
    prunes: [{ names: ["npm"], words: ["prune"] }],
    word: "--omit=dev",
    source: "npm-install(1): --omit, NODE_ENV",
  },
  {
    names: ["pnpm"],
    verbs: ["install", "i"],
    withoutOperands: true,
    options: /^(?:--prod|--production(?:=true)?|-P|-g|--global|--lockfile-only)$/,
    variables: [{ name: "NODE_ENV", value: production }],
    prunes: [
      { names: ["pnpm"], words: ["prune"] },
      { names: ["pnpm"], words: ["deploy"] },
    ],
    word: "--prod",
    source: "pnpm documentation, pnpm install: --prod",
  },
  {
    names: ["yarn", "yarnpkg"],
    verbs: ["install", ""],
    withoutOperands: true,
    options: /^(?:--production(?:=true)?|--prod|--version|-v|--help|-h)$/,
    variables: [
      { name: "NODE_ENV", value: production },
      { name: "YARN_PRODUCTION", value: on },
    ],
    setting: /yarn[ \t]+config[ \t]+set[ \t]+production/,
    prunes: [
      { names: ["npm", "yarn"], words: ["prune"] },
      { names: ["yarn"], words: ["workspaces", "focus"] },
    ],
    word: "--production",
    // from version 2 on Yarn refuses the word; these are for version 1
    shownBy:
      /^--(?:frozen-lockfile|pure-lockfile|ignore-optional|ignore-platform|ignore-engines|no-lockfile|no-bin-links|flat|non-interactive|network-timeout(?:=.*)?|cache-folder(?:=.*)?)$/,
    source: "Yarn 1 documentation, yarn install: --production",
  },
  {
    names: ["composer"],
    verbs: ["install"],
    withoutOperands: true,
    options: /^(?:--no-dev|--dry-run|--download-only)$/,
    variables: [{ name: "COMPOSER_NO_DEV", value: /^1$/ }],
    prunes: [{ names: ["composer"], words: ["--no-dev"] }],
    word: "--no-dev",
    source: "Composer documentation, install: --no-dev, COMPOSER_NO_DEV",
  },
  {
    names: ["bundle", "bundler"],
    verbs: ["install"],
    withoutOperands: true,
    options: /^(?:--without(?:=.*)?|--only(?:=.*)?)$/,
    variables: [
      { name: "BUNDLE_WITHOUT", value: /./ },
      { name: "BUNDLE_ONLY", value: /./ },
    ],
    setting: /bundler?[ \t]+config[^\n]*\b(?:without|only)\b/,
    prunes: [{ names: ["bundle", "bundler"], words: ["clean"] }],
    // a variable of the one command would be forgotten when the program starts, which then misses them
    before: "bundle config set --local without 'development test'",
    source: "bundle-config(1): without",
  },
  {
    names: ["poetry"],
    verbs: ["install", "sync"],
    withoutOperands: true,
    options: /^(?:--only(?:=.*)?|--without(?:=.*)?|--no-dev|--only-root|--dry-run)$/,
    variables: [],
    prunes: [],
    word: "--only=main",
    source: "Poetry documentation, install: --only",
  },
  {
    names: ["uv"],
    verbs: ["sync"],
    withoutOperands: true,
    options: /^(?:--no-dev|--no-default-groups|--only-group(?:=.*)?|--dry-run)$/,
    variables: [{ name: "UV_NO_DEV", value: on }],
    prunes: [{ names: ["uv"], words: ["sync", "--no-dev"] }],
    word: "--no-dev",
    source: "uv documentation, uv sync: --no-dev",
  },
];

/** Requirements that say by their name what they are for: `-r requirements-dev.txt`, `.[test]`. */
export const developmentRequirements =
  /(?:^|[/_.-])(?:dev|develop|development|test|tests|testing|lint|docs)(?:[_.-]?requirements)?\.(?:txt|in)$|^\.?[^[\]]*\[(?:[^\]]*,)?(?:dev|test|tests|testing|lint|docs)(?:,[^\]]*)?\]$/i;

/** Commands that build or test, for which they may be installed. */
export const developmentTools =
  /^(?:npx|tsc|vite|webpack|rollup|parcel|next|nuxt|ng|vue|vue-cli-service|nx|turbo|gulp|grunt|jest|vitest|mocha|eslint|playwright|cypress|phpunit|phpstan|rake|rspec|pytest|tox|nox|mypy|ruff)$/;
export const developmentScripts =
  /^(?:run|run-script|build|test|t|exec|dlx|lint|compile|webpack|assets:precompile)$/;
