/** Formats of secrets as their issuers document them, so that a match is certain. */

export interface SecretFormat {
  /** Name in messages, with article. */
  readonly name: string;
  readonly pattern: RegExp;
  /** Source of the format. */
  readonly source: string;
}

/** Tokens with a prefix of their own. Each pattern is global and matches the whole token. */
export const tokenFormats: readonly SecretFormat[] = [
  {
    name: "an AWS access key ID",
    pattern: /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g,
    source: "AWS IAM user guide, unique identifiers",
  },
  {
    name: "a GitHub token",
    pattern: /\bgh[pousr]_[A-Za-z0-9]{36,255}\b/g,
    source: "GitHub docs, token formats",
  },
  {
    name: "a GitHub token",
    pattern: /\bgithub_pat_[A-Za-z0-9_]{82}\b/g,
    source: "GitHub docs, token formats",
  },
  {
    name: "a GitLab token",
    pattern: /\bgl(?:pat|dt|rt|cbt|ptt|ft|soat)-[A-Za-z0-9_-]{20,}/g,
    source: "GitLab docs, token overview",
  },
  {
    name: "a Slack token",
    pattern: /\bxox[abeoprs]-[A-Za-z0-9-]{20,}/g,
    source: "Slack API docs, token types",
  },
  {
    name: "a Slack webhook",
    pattern: /\bhooks\.slack\.com\/services\/T[A-Z0-9]{6,}\/B[A-Z0-9]{6,}\/[A-Za-z0-9]{20,}/g,
    source: "Slack API docs, incoming webhooks",
  },
  { name: "an npm token", pattern: /\bnpm_[A-Za-z0-9]{36}\b/g, source: "npm docs, access tokens" },
  {
    name: "an npm credential",
    pattern: /(?<=:_(?:authToken|auth|password)=)[A-Za-z0-9+/_=.-]{16,}/g,
    source: "npm docs, npmrc, auth related configuration",
  },
  {
    name: "a PyPI token",
    pattern: /\bpypi-AgE[A-Za-z0-9_-]{50,}/g,
    source: "PyPI docs, API tokens (macaroons)",
  },
  {
    name: "a Docker Hub token",
    pattern: /\bdckr_(?:pat|oat)_[A-Za-z0-9_-]{24,}/g,
    source: "Docker docs, access tokens",
  },
  { name: "a Stripe key", pattern: /\b[rs]k_live_[A-Za-z0-9]{24,}\b/g, source: "Stripe docs, API keys" },
  {
    name: "a Google API key",
    pattern: /\bAIza[0-9A-Za-z_-]{35}(?![0-9A-Za-z_-])/g,
    source: "Google Cloud docs, API keys",
  },
  {
    name: "a SendGrid key",
    pattern: /\bSG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])/g,
    source: "SendGrid docs, API keys",
  },
  {
    name: "a DigitalOcean token",
    pattern: /\bdo[opr]_v1_[0-9a-f]{64}\b/g,
    source: "DigitalOcean docs, token names",
  },
  {
    name: "a Hugging Face token",
    pattern: /\bhf_[A-Za-z]{34}\b/g,
    source: "Hugging Face docs, user access tokens",
  },
  { name: "a Vault token", pattern: /\bhv[sbr]\.[A-Za-z0-9_-]{24,}/g, source: "Vault docs, tokens" },
  {
    name: "an OpenAI key",
    pattern: /\bsk-(?:proj|svcacct|admin)-[A-Za-z0-9_-]{40,}/g,
    source: "OpenAI platform docs, API keys",
  },
  {
    name: "an Anthropic key",
    pattern: /\bsk-ant-[a-z0-9]+-[A-Za-z0-9_-]{40,}/g,
    source: "Anthropic docs, API keys",
  },
  {
    name: "an Azure storage key",
    pattern: /(?<=\bAccountKey=)[A-Za-z0-9+/]{86}==/g,
    source: "Azure docs, connection strings",
  },
  { name: "an age private key", pattern: /\bAGE-SECRET-KEY-1[0-9A-Z]{58}\b/g, source: "age format (C2SP)" },
];

/** RFC 7468 and the formats of OpenSSH, PGP (RFC 9580) and PuTTY. The block may be cut off. */
export const privateKeyBlock =
  /-----BEGIN ((?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?)-----([^]*?)(?:-----END \1-----|$)/g;

/** `https://user:password@host`: the password. */
export const urlPassword = /\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@"'<>]*:([^\s/@"'<>]+)@[A-Za-z0-9]/gi;

/** Names whose values are secrets: `NPM_TOKEN`, `db_password`, `AWS_SECRET_ACCESS_KEY`. Not `GPG_KEY`, `PASSWORD_FILE`. */
const secretName =
  "[A-Za-z0-9_.-]*(?:passw(?:or)?d|passphrase|secret|token|api_?key|access_?key|secret_?key(?:_?base)?|master_?key|private_?key|credentials?)";

export const secretNamePattern = new RegExp(`^${secretName}$`, "i");

/** `NAME=value` in shells, ENV, ARG prefixes and flags (`--password=…`), the value with or without quotes. */
export const secretAssignment = new RegExp(
  `(?<![A-Za-z0-9_.-])(${secretName})(\\s?=\\s?|=)(?:"([^"\\n]*)"|'([^'\\n]*)'|([^\\s"';&|)]+))`,
  "gi",
);
