/**
 * Tokens that their issuers mark with a prefix, as documented in November 2026, so that a match is certain. Each format
 * names its source.
 */
import { entropy, isPlaceholder } from "./placeholder.ts";

export interface TokenFormat {
  /** Name in messages, with article. */
  readonly name: string;
  /** Beginnings of the token, literal. */
  readonly starts: readonly string[];
  /** What follows the beginning; sticky. */
  readonly rest: RegExp;
  /** What stands before `starts` and belongs to the token; ends with `$`. */
  readonly before?: RegExp;
  /** Source of the format. */
  readonly source: string;
}

const alnum = (length: string) => new RegExp(`[A-Za-z0-9]{${length}}(?![A-Za-z0-9])`, "y");
const hex = (length: string) => new RegExp(`[0-9a-f]{${length}}(?![A-Za-z0-9])`, "y");
const url = (length: string) => new RegExp(`[A-Za-z0-9_-]{${length}}`, "y");

export const tokenFormats: readonly TokenFormat[] = [
  {
    name: "an AWS access key ID",
    starts: ["AKIA", "ASIA"],
    rest: /[0-9A-Z]{16}(?![A-Za-z0-9])/y,
    source: "AWS IAM user guide, unique identifiers",
  },
  {
    name: "a GitHub token",
    starts: ["ghp_", "gho_", "ghu_", "ghs_", "ghr_"],
    // installation tokens are `ghs_<app>_<JWT>` since 2026
    rest: /[A-Za-z0-9]{36,255}(?![A-Za-z0-9])|\d{1,20}_eyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]+){1,2}/y,
    source: "GitHub docs, token formats; GitHub changelog 2026, installation tokens",
  },
  {
    name: "a GitHub token",
    starts: ["github_pat_"],
    rest: /[A-Za-z0-9_]{82}(?![A-Za-z0-9_])/y,
    source: "GitHub docs, token formats",
  },
  {
    name: "a GitLab token",
    starts: [
      "glpat-",
      "gldt-",
      "glrt-",
      "glrtr-",
      "glcbt-",
      "glptt-",
      "glft-",
      "glsoat-",
      "glimt-",
      "glagent-",
      "glffct-",
      "glwt-",
      "gloas-",
    ],
    // routable tokens end with a dot, two characters and a checksum
    rest: /[A-Za-z0-9_-]{20,300}(?:\.[A-Za-z0-9_-]{2,})*/y,
    source: "GitLab docs, token overview, token prefixes",
  },
  {
    name: "a Slack token",
    starts: [
      "xoxa-",
      "xoxb-",
      "xoxe-",
      "xoxo-",
      "xoxp-",
      "xoxr-",
      "xoxs-",
      "xoxe.xoxb-",
      "xoxe.xoxp-",
      "xapp-",
    ],
    rest: /[A-Za-z0-9-]{20,}/y,
    source: "Slack API docs, token types",
  },
  {
    name: "a Slack webhook",
    starts: ["hooks.slack.com/services/", "hooks.slack.com/workflows/"],
    rest: /T[A-Z0-9]{6,}\/[A-Z0-9]{6,}\/[A-Za-z0-9/]{20,}/y,
    source: "Slack API docs, incoming webhooks",
  },
  {
    name: "a Discord webhook",
    starts: ["discord.com/api/webhooks/", "discordapp.com/api/webhooks/"],
    rest: /\d{17,20}\/[A-Za-z0-9_-]{60,}/y,
    source: "Discord developer docs, webhook resource",
  },
  { name: "an npm token", starts: ["npm_"], rest: alnum("36"), source: "npm docs, access tokens" },
  {
    name: "an npm credential",
    starts: [":_authToken=", ":_auth=", ":_password="],
    rest: /[A-Za-z0-9+/_=.-]{16,}/y,
    source: "npm docs, npmrc, auth related configuration",
  },
  {
    name: "a PyPI token",
    starts: ["pypi-AgE"],
    rest: url("50,"),
    source: "PyPI docs, API tokens (macaroons)",
  },
  {
    name: "a Docker Hub token",
    starts: ["dckr_pat_", "dckr_oat_"],
    rest: url("24,"),
    source: "Docker docs, access tokens",
  },
  {
    name: "a RubyGems key",
    starts: ["rubygems_"],
    rest: hex("48"),
    source: "RubyGems guides, API key format",
  },
  {
    name: "a NuGet key",
    starts: ["oy2"],
    rest: /[a-z0-9]{43}(?![A-Za-z0-9])/y,
    source: "NuGet Gallery source, API keys v4",
  },
  {
    name: "an Artifactory token",
    starts: ["AKCp"],
    rest: /[A-Za-z0-9]{69}(?![A-Za-z0-9])/y,
    source: "JFrog docs, API keys",
  },
  {
    name: "a Stripe key",
    starts: ["sk_live_", "rk_live_"],
    rest: /[A-Za-z0-9]{24,}/y,
    source: "Stripe docs, API keys",
  },
  {
    name: "a Square credential",
    starts: ["sq0csp-", "sq0atp-"],
    rest: url("22,"),
    source: "Square developer docs, access tokens and application secrets",
  },
  {
    name: "a Shopify token",
    starts: ["shpat_", "shpca_", "shppa_", "shpss_"],
    rest: /[0-9a-fA-F]{32}(?![A-Za-z0-9])/y,
    source: "Shopify dev docs, access token formats",
  },
  {
    name: "a Google API key",
    starts: ["AIza"],
    rest: /[0-9A-Za-z_-]{35}(?![0-9A-Za-z_-])/y,
    source: "Google Cloud docs, API keys",
  },
  {
    name: "a Google OAuth client secret",
    starts: ["GOCSPX-"],
    rest: /[A-Za-z0-9_-]{28}(?![A-Za-z0-9_-])/y,
    source: "Google Cloud docs, OAuth clients",
  },
  {
    name: "a SendGrid key",
    starts: ["SG."],
    rest: /[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])/y,
    source: "SendGrid docs, API keys",
  },
  {
    name: "a Brevo key",
    starts: ["xkeysib-", "xsmtpsib-"],
    rest: /[0-9a-f]{64}-[A-Za-z0-9]{16}/y,
    source: "Brevo docs, API keys",
  },
  {
    name: "a DigitalOcean token",
    starts: ["dop_v1_", "doo_v1_", "dor_v1_"],
    rest: hex("64"),
    source: "DigitalOcean docs, token names",
  },
  {
    name: "a Heroku key",
    starts: ["HRKU-AA"],
    rest: url("58"),
    source: "Heroku changelog, prefixed API keys",
  },
  {
    name: "a Fly.io token",
    starts: ["fm2_", "fo1_"],
    rest: /[A-Za-z0-9+/=_-]{40,}/y,
    source: "Fly.io docs, access tokens",
  },
  {
    name: "a Netlify token",
    starts: ["nfp_"],
    rest: alnum("36,"),
    source: "Netlify docs, personal access tokens",
  },
  {
    name: "a Supabase key",
    starts: ["sbp_", "sb_secret_"],
    rest: /[0-9a-f]{40}(?![A-Za-z0-9])|[A-Za-z0-9]{20,}_[A-Za-z0-9_-]{6,}/y,
    source: "Supabase docs, API keys",
  },
  {
    name: "a PlanetScale credential",
    starts: ["pscale_tkn_", "pscale_pw_", "pscale_oauth_"],
    rest: /[A-Za-z0-9_.=-]{32,64}/y,
    source: "PlanetScale docs, service tokens and passwords",
  },
  {
    name: "a Hugging Face token",
    starts: ["hf_"],
    rest: alnum("34"),
    source: "Hugging Face docs, user access tokens",
  },
  {
    name: "a Vault token",
    starts: ["hvs.", "hvb.", "hvr."],
    rest: url("24,"),
    source: "Vault docs, tokens",
  },
  {
    name: "a Terraform Cloud token",
    starts: [".atlasv1."],
    before: /[A-Za-z0-9]{14}$/,
    rest: /[A-Za-z0-9_=-]{60,70}/y,
    source: "HCP Terraform docs, API tokens",
  },
  {
    name: "a Pulumi token",
    starts: ["pul-"],
    rest: hex("40"),
    source: "Pulumi docs, access tokens",
  },
  {
    name: "a Doppler token",
    starts: ["dp.pt.", "dp.st.", "dp.sa.", "dp.ct.", "dp.scim.", "dp.audit."],
    rest: /(?:[a-z0-9_-]{2,35}\.)?[A-Za-z0-9]{40,44}(?![A-Za-z0-9])/y,
    source: "Doppler docs, token formats",
  },
  {
    name: "a 1Password service account token",
    starts: ["ops_eyJ"],
    rest: /[A-Za-z0-9+/=_-]{200,}/y,
    source: "1Password developer docs, service accounts",
  },
  {
    name: "a Tailscale key",
    starts: ["tskey-auth-", "tskey-api-", "tskey-client-", "tskey-scim-", "tskey-webhook-"],
    rest: /[A-Za-z0-9]{8,}-[A-Za-z0-9]{20,}/y,
    source: "Tailscale docs, key prefixes",
  },
  {
    name: "an OpenAI key",
    starts: ["sk-proj-", "sk-svcacct-", "sk-admin-"],
    rest: url("40,"),
    source: "OpenAI platform docs, API keys",
  },
  {
    name: "an OpenAI key",
    starts: ["T3BlbkFJ"],
    before: /sk-[A-Za-z0-9]{20}$/,
    rest: alnum("20"),
    source: "OpenAI platform docs, API keys (until 2024)",
  },
  {
    name: "an Anthropic key",
    starts: ["sk-ant-"],
    rest: /[a-z0-9]+-[A-Za-z0-9_-]{40,}/y,
    source: "Anthropic docs, API keys",
  },
  {
    name: "an OpenRouter key",
    starts: ["sk-or-v1-"],
    rest: hex("64"),
    source: "OpenRouter docs, API keys",
  },
  { name: "a Groq key", starts: ["gsk_"], rest: alnum("52"), source: "Groq docs, API keys" },
  { name: "an xAI key", starts: ["xai-"], rest: alnum("80"), source: "xAI docs, API keys" },
  { name: "a Perplexity key", starts: ["pplx-"], rest: alnum("48"), source: "Perplexity docs, API keys" },
  { name: "a Replicate token", starts: ["r8_"], rest: alnum("37"), source: "Replicate docs, API tokens" },
  {
    name: "an NVIDIA key",
    starts: ["nvapi-"],
    rest: url("60,"),
    source: "NVIDIA NGC docs, personal API keys",
  },
  {
    name: "a LangSmith key",
    starts: ["lsv2_pt_", "lsv2_sk_"],
    rest: /[0-9a-f]{32}_[0-9a-f]{10}/y,
    source: "LangSmith docs, API keys",
  },
  {
    name: "a Grafana token",
    starts: ["glsa_"],
    rest: /[A-Za-z0-9]{32}_[0-9a-fA-F]{8}(?![A-Za-z0-9])/y,
    source: "Grafana docs, service account tokens",
  },
  {
    name: "a Grafana token",
    starts: ["glc_eyJ"],
    rest: /[A-Za-z0-9+/=_-]{40,}/y,
    source: "Grafana Cloud docs, access policies",
  },
  {
    name: "a New Relic key",
    starts: ["NRAK-"],
    rest: /[A-Z0-9]{27}(?![A-Za-z0-9])/y,
    source: "New Relic docs, user keys",
  },
  {
    name: "a Sentry token",
    starts: ["sntrys_"],
    rest: /eyJ[A-Za-z0-9+/=_-]{40,}/y,
    source: "Sentry docs, auth tokens (organization tokens)",
  },
  {
    name: "a Sentry token",
    starts: ["sntryu_", "sntrya_"],
    rest: hex("64"),
    source: "Sentry docs, auth tokens (personal tokens)",
  },
  {
    name: "a Dynatrace token",
    starts: ["dt0c01.", "dt0s01.", "dt0s16."],
    rest: /[A-Z2-7]{24}\.[A-Z2-7]{64}/y,
    source: "Dynatrace docs, token format",
  },
  {
    name: "a PostHog key",
    starts: ["phx_"],
    rest: alnum("40,"),
    source: "PostHog docs, personal API keys (phc_ is public)",
  },
  {
    name: "a Mapbox secret token",
    starts: ["sk.eyJ"],
    rest: /[A-Za-z0-9_-]{40,}\.[A-Za-z0-9_-]{20,}/y,
    source: "Mapbox docs, access tokens (pk. is public)",
  },
  {
    name: "an Atlassian token",
    starts: ["ATATT3", "ATCTT3"],
    rest: /[A-Za-z0-9_=-]{60,}/y,
    source: "Atlassian docs, API tokens",
  },
  {
    name: "a Bitbucket app password",
    starts: ["ATBB"],
    rest: alnum("32"),
    source: "Atlassian docs, app passwords",
  },
  {
    name: "a Linear key",
    starts: ["lin_api_", "lin_oauth_"],
    rest: alnum("40,"),
    source: "Linear developer docs, API keys",
  },
  { name: "a Notion token", starts: ["ntn_"], rest: alnum("40,"), source: "Notion docs, API tokens" },
  { name: "a Figma token", starts: ["figd_"], rest: url("40,"), source: "Figma docs, access tokens" },
  {
    name: "a HubSpot token",
    starts: ["pat-na1-", "pat-na2-", "pat-eu1-"],
    rest: /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/y,
    source: "HubSpot docs, private apps",
  },
  {
    name: "a Postman key",
    starts: ["PMAK-"],
    rest: /[0-9a-f]{24}-[0-9a-f]{34}(?![A-Za-z0-9])/y,
    source: "Postman docs, API keys",
  },
  {
    name: "a Databricks token",
    starts: ["dapi"],
    rest: /[0-9a-f]{32}(?:-\d)?(?![A-Za-z0-9])/y,
    source: "Databricks docs, personal access tokens",
  },
  {
    name: "a SonarQube token",
    starts: ["squ_", "sqp_", "sqa_"],
    rest: hex("40"),
    source: "SonarQube docs, token prefixes",
  },
  {
    name: "a Buildkite token",
    starts: ["bkua_"],
    rest: hex("40"),
    source: "Buildkite docs, API access tokens",
  },
  {
    name: "a CircleCI token",
    starts: ["CCIPAT_", "CCIPRJ_"],
    rest: /[A-Za-z0-9]{20,}_[0-9a-f]{40}/y,
    source: "CircleCI docs, API tokens",
  },
  {
    name: "an Alibaba Cloud access key ID",
    starts: ["LTAI"],
    rest: /[A-Za-z0-9]{20}(?![A-Za-z0-9])/y,
    source: "Alibaba Cloud docs, AccessKey pairs",
  },
  {
    name: "a Telegram bot token",
    starts: [":AA"],
    before: /(?<!\d)\d{8,10}$/,
    rest: /[A-Za-z0-9_-]{33}(?![A-Za-z0-9_-])/y,
    source: "Telegram bot API docs, authorizing your bot",
  },
  {
    name: "an Entra client secret",
    starts: ["7Q~", "8Q~"],
    before: /[A-Za-z0-9_~.-]{3}$/,
    rest: /[A-Za-z0-9_~.-]{31,34}(?![A-Za-z0-9_~.-])/y,
    source: "Microsoft Purview docs, sensitive information types, Azure AD client secret",
  },
  {
    name: "an Azure storage key",
    starts: ["AccountKey="],
    rest: /[A-Za-z0-9+/]{86}==/y,
    source: "Azure docs, connection strings",
  },
  {
    name: "an age private key",
    starts: ["AGE-SECRET-KEY-1"],
    rest: /[0-9A-Z]{58}(?![0-9A-Z])/y,
    source: "age format (C2SP)",
  },
];

const byStart = new Map(
  tokenFormats.flatMap((format) => format.starts.map((start) => [start, format] as const)),
);

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}

/** All beginnings, longest first, grouped by their first letter so that most places cost one comparison. */
const anyStart = new RegExp(
  [...byStart.keys()]
    .toSorted((a, b) => b.length - a.length || (a < b ? -1 : 1))
    .map(literal)
    .join("|"),
  "g",
);

/** What every token has, so that most texts cost one short search. */
const maybeToken = /[A-Za-z0-9+/=_.-]{20}/;

export interface FoundToken {
  readonly name: string;
  readonly value: string;
  /** Index in the text. */
  readonly at: number;
}

/** Returns everything in the form of a token, placeholders included, in order. */
export function tokenShapesIn(text: string): FoundToken[] {
  if (!maybeToken.test(text)) return [];
  const found: FoundToken[] = [];
  anyStart.lastIndex = 0;
  for (let match = anyStart.exec(text); match !== null; match = anyStart.exec(text)) {
    const [start] = match;
    const token = tokenAt(text, match.index, start);
    if (token === undefined) {
      anyStart.lastIndex = match.index + 1;
      continue;
    }
    found.push(token);
    anyStart.lastIndex = token.at + token.value.length;
  }
  return found;
}

function tokenAt(text: string, at: number, start: string): FoundToken | undefined {
  const format = byStart.get(start);
  if (format === undefined) return undefined;
  const { name, rest, before } = format;
  const isKey = start.endsWith("=");
  let from = at;
  if (before !== undefined) {
    const head = before.exec(text.slice(Math.max(0, at - 64), at));
    if (head === null) return undefined;
    from = at - head[0].length;
  } else if (!isKey && !startsWord(text, at)) return undefined;
  rest.lastIndex = at + start.length;
  if (!rest.test(text)) return undefined;
  if (isKey) from = at + start.length;
  return { name, value: text.slice(from, rest.lastIndex), at: from };
}

/** `\nghp_…` in a JSON string: the letter before belongs to the escape. */
function startsWord(text: string, at: number): boolean {
  const before = text[at - 1] ?? " ";
  return !/[A-Za-z0-9]/.test(before) || (/[nrt]/.test(before) && text[at - 2] === "\\");
}

/** Returns tokens that are no placeholders of documentation. */
export function realTokensIn(text: string): FoundToken[] {
  return tokenShapesIn(text).filter(({ value }) => !isPlaceholder(value) && entropy(value) > 2.8);
}
