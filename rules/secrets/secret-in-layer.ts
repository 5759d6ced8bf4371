import { defineRule } from "../../src/rule/contract.ts";
import { mayHoldSecret } from "../../src/knowledge/secrets/secret-files.ts";
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
      "Private keys, tokens and passwords in a layer, in ENV, in ARG or in the history can be read by everyone",
    what: `From the layers: private keys (PEM, OpenSSH, PGP, PuTTY, age), logins of registries and package indexes (\`.npmrc\`, \`.netrc\`, \`.docker/config.json\`, \`.pypirc\`, those of Cargo, RubyGems, Composer, Maven and NuGet), cloud and cluster credentials, \`.env\` files, and tokens whose issuers gave them a shape of their own. Path and size (up to 1 MiB) choose the files, their content decides. Files that a later layer deletes count too: they are still in their layer.

From the Dockerfile, the image's configuration and its history: tokens of known shapes anywhere; and values of ENV, ARG and LABEL whose name says secret (\`NPM_TOKEN\`, \`DB_PASSWORD\`), which is a warning. A \`--build-arg\` is recorded in front of each RUN.

Placeholders (\`changeme\`, \`\${TOKEN}\`, \`<your key>\`), public keys, certificates, keys in documentation and test folders, in installed libraries and in the sources of tools are no findings. A key with a passphrase is a warning. What the base image brings is \`info\`. No output ever shows more than the first four characters.`,
    why: "An image is pulled by more people than its Dockerfile is read by. Deleting a file in a later line hides it from containers only; anyone can take the layer apart.",
    bad: [
      {
        title: "A key is copied, used and deleted, and still readable in its layer",
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
    fix: "There is no automatic fix: a secret that was in an image has to be revoked, and how the build gets the next one is for people to decide.",
  },
  wantsContent: mayHoldSecret,
  *check(subject) {
    if (subject.image !== undefined) yield* secretsInLayers(subject.image);
    yield* secretsInSettings(subject);
  },
});
