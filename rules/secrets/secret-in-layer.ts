import { mayHoldSecret } from "../../src/knowledge/secrets/secret-files.ts";
import { defineRule } from "../../src/rule/contract.ts";
import { copiedKeys } from "../../src/rule/findings/copied-keys.ts";
import { secretsInLayers } from "../../src/rule/findings/secrets-in-layers.ts";
import { secretsInSettings } from "../../src/rule/findings/secrets-in-settings.ts";

/** Of no real server; put together so that scanners of source code do not take it for one. */
const sampleKey = `-----BEGIN ${"PRIVATE"} KEY-----\n${"MC4CAQAwBQYDK2VwBCIEIDFhMmIzYzRkNWU2Zjdn"}\n${"aDhpOWowazFsMm0zbjRvNXA2"}\n-----END ${"PRIVATE"} KEY-----\n`;
const sampleToken = `ghp${"_"}${"a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"}`;

export const secretInLayer = defineRule({
  id: "secret-in-layer",
  aliases: [],
  category: "security",
  severity: "error",
  reads: "either",
  docs: {
    summary:
      "Everybody can read private keys, tokens and passwords in a layer, in ENV, in ARG or in the history",
    what: `From the layers: private keys (PEM, OpenSSH, PGP, PuTTY, age, DER; also inside JSON, \`.env\` files and source code, or as base64), key stores (PKCS #12, Java), kubeconfigs, credentials for registries and package indexes (\`.npmrc\`, \`.netrc\`, \`.docker/config.json\`, \`.pypirc\`, those of Cargo, RubyGems, Composer, Maven and NuGet), cloud and cluster credentials, \`.env\` files, and tokens in the known format of their issuer. Path and size (up to 1 MiB) preselect the files, their content decides. Files that a later layer deletes count too: they are still in their layer.

From the Dockerfile, the image configuration and the history: tokens of known formats anywhere, and values of ENV, ARG and LABEL with a name that suggests a secret (\`NPM_TOKEN\`, \`DB_PASSWORD\`), which are a warning. The history records each \`--build-arg\` with every RUN, so a RUN that uses an ARG with such a name is a warning too. So is a COPY of \`id_rsa\`, \`id_ed25519\`, \`.git-credentials\` or \`.netrc\`, unless the layers show what it holds.

Placeholders (\`changeme\`, \`\${TOKEN}\`, \`<your key>\`), publishable keys, the published keys of emulators, names that are none (\`STOP_TOKEN\`), public keys, certificates, keys in documentation and test folders, in installed libraries and in the sources of tools are not reported. A key with a passphrase is a warning, a key store with one is \`info\`. Secrets of the base image are \`info\`. No output ever shows more than the first four characters.`,
    why: "More people pull an image than read its Dockerfile. Deleting a file in a later line hides it from containers only: anyone can unpack the layer.",
    bad: [
      {
        title: "A key is copied, used and deleted, but still readable in its layer",
        dockerfile:
          "FROM debian:12\nCOPY id_ed25519 /root/.ssh/id_ed25519\nRUN git clone git@example.org:app /app && rm /root/.ssh/id_ed25519\n",
        layers: [
          `root/ root/.ssh/ root/.ssh/id_ed25519(${JSON.stringify(sampleKey)})`,
          "app/ app/main(5000) root/ root/.ssh/ root/.ssh/.wh.id_ed25519",
        ],
      },
      {
        title: "A token in ENV",
        dockerfile: `FROM node:22\nENV GITHUB_TOKEN=${sampleToken}\nRUN npm ci\n`,
      },
    ],
    good: [
      {
        title: "The key is mounted for one RUN",
        dockerfile:
          "FROM debian:12\nRUN --mount=type=secret,id=key,target=/root/.ssh/id_ed25519 git clone git@example.org:app /app\n",
        layers: ["app/ app/main(5000)"],
      },
      {
        title: "An ARG without a value, and a placeholder",
        dockerfile: "FROM node:22\nARG NPM_TOKEN\nENV DB_PASSWORD=changeme\nRUN npm ci\n",
      },
    ],
    fix: "None: a secret that was in an image has to be revoked, and only you can decide how the build gets the next one.",
  },
  wantsContent: mayHoldSecret,
  *check(subject) {
    if (subject.image !== undefined) yield* secretsInLayers(subject.image);
    if (subject.build !== undefined) yield* copiedKeys(subject.build);
    yield* secretsInSettings(subject);
  },
});
