// Writes 1,000 Dockerfiles of 30 to 100 lines, the same ones every time:  node bench/dockerfiles.mjs FOLDER
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const [folder, count = "1000"] = process.argv.slice(2);
let state = 20261125;

/** From 0 to below `below` (a linear congruential generator). */
function random(below) {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor((state / 2 ** 32) * below);
}

function pick(items) {
  return items[random(items.length)];
}

const packages =
  "bash ca-certificates curl wget git gnupg jq less libpq-dev libssl-dev make nginx openssl procps python3 python3-pip rsync sqlite3 tini tzdata unzip vim xz-utils zlib1g-dev".split(
    " ",
  );
const bases = [
  ["debian:12-slim", "apt"],
  ["ubuntu:24.04", "apt"],
  ["node:22-bookworm", "apt"],
  ["python:3.13-slim", "apt"],
  ["golang:1.23-alpine", "apk"],
  ["alpine:3.20", "apk"],
  ["fedora:41", "dnf"],
  ["eclipse-temurin:21-jre", "apt"],
];

function some(from, most) {
  return [...new Set(Array.from({ length: 2 + random(most) }, () => pick(from)))];
}

const install = {
  apt: () => [
    "RUN apt-get update \\",
    ` && apt-get install -y ${pick(["", "--no-install-recommends "])}\\`,
    ...some(packages, 9).map((name) => `      ${name} \\`),
    pick([" && rm -rf /var/lib/apt/lists/*", " && apt-get clean", " && echo done"]),
  ],
  apk: () => [
    `RUN apk add ${pick(["", "--no-cache "])}\\`,
    ...some(packages, 6).map((name) => `    ${name} \\`),
    "    musl",
  ],
  dnf: () => [`RUN dnf install -y ${some(packages, 5).join(" ")}${pick(["", " && dnf clean all"])}`],
};

const blocks = [
  () => [
    "# what the service needs at run time",
    `ENV APP_HOME=/srv/app${random(9)} \\`,
    `    APP_PORT=${8000 + random(999)} \\`,
    "    LANG=C.UTF-8",
  ],
  () => ["COPY package.json package-lock.json ./", "RUN npm ci --omit=dev && npm cache clean --force"],
  () => [
    "COPY requirements.txt /tmp/",
    `RUN pip install ${pick(["", "--no-cache-dir "])}-r /tmp/requirements.txt`,
  ],
  () => [
    "ARG VERSION=1.4.2",
    "RUN curl -fsSL https://example.com/tool-${VERSION}.tar.gz -o /tmp/tool.tar.gz \\",
    "    && tar -xzf /tmp/tool.tar.gz -C /opt \\",
    "    && rm /tmp/tool.tar.gz",
  ],
  () => [
    "RUN set -eux; \\",
    "    for name in a b c; do \\",
    '      if [ ! -d "/data/$name" ]; then mkdir -p "/data/$name"; fi; \\',
    "    done; \\",
    "    # everybody may look",
    "    chmod 755 /data",
  ],
  () => [
    "COPY . .",
    `RUN ${pick(["make -j4 install", "npm run build", "go build -o /out/app ./...", "./gradlew --no-daemon assemble"])}`,
  ],
  () => ["RUN groupadd --gid 1000 app && useradd --uid 1000 --gid app --create-home app"],
  () => ["COPY docker-entrypoint.sh /usr/local/bin/", "RUN chmod +x /usr/local/bin/docker-entrypoint.sh"],
  () => ["RUN --mount=type=cache,target=/root/.cache \\", "    pip install --upgrade pip wheel"],
  () => [
    "RUN <<EOF",
    "set -e",
    "mkdir -p /etc/service",
    "printf 'user %s\\n' app > /etc/service/run.conf",
    "EOF",
  ],
  () => [
    "LABEL org.opencontainers.image.title=service \\",
    '      org.opencontainers.image.description="A service among others" \\',
    "      org.opencontainers.image.vendor=Example",
  ],
  () => [`WORKDIR /srv/${pick(["api", "web", "worker"])}`],
  () => ["RUN chown -R 1000:1000 /srv && rm -rf /tmp/* /var/tmp/*"],
  () => ["HEALTHCHECK --interval=30s --timeout=3s CMD curl -fs http://localhost/health || exit 1"],
  () => [`EXPOSE ${8000 + random(999)}`],
];

function dockerfile() {
  const wanted = 34 + random(56);
  const lines = pick([["# syntax=docker/dockerfile:1"], ["ARG BASE=latest"], []]).slice();
  let stage = 0;
  let manager = "apt";
  const begin = () => {
    const [image, its] = pick(bases);
    manager = its;
    if (stage > 0) lines.push("");
    lines.push(`FROM ${image} AS stage${stage++}`, ...install[manager]());
  };
  begin();
  while (lines.length < wanted - 6) {
    if (random(9) === 0 && lines.length < wanted - 20) {
      begin();
      lines.push(`COPY --from=stage${stage - 2} /out /usr/local/bin`);
    } else if (random(4) === 0) lines.push(...install[manager]());
    else lines.push(...pick(blocks)());
    if (random(3) === 0) lines.push("");
  }
  lines.push("USER 1000", `ENTRYPOINT ["docker-entrypoint.sh"]`, `CMD ["serve", "--port", "8080"]`);
  return `${lines.join("\n")}\n`;
}

for (let i = 0; i < Number(count); i++) {
  const home = join(folder, `team-${i % 40}`, `service-${i}`);
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, "Dockerfile"), dockerfile());
}
