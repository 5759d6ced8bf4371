import { expect, test } from "vitest";
import { mightAccess } from "../../src/analysis/steps/path-access.ts";
import { subjectOf } from "../support/subject.ts";

async function touches(instruction: string, ...paths: string[]): Promise<boolean> {
  const subject = await subjectOf({ dockerfile: `FROM debian:12\nWORKDIR /w\n${instruction}\n` });
  return mightAccess(subject.dockerfile!.steps.at(-1)!, paths);
}

test.each([
  ["ENV A=/app", "/app"],
  ["WORKDIR /app", "/app"],
  ["WORKDIR /", "/app"],
  ["COPY a /other", "/app"],
  ["RUN apt-get update && apt-get install -y curl", "/app"],
  ["RUN apt-get install -y curl", "/usr/local/bin/run"],
  ["RUN mkdir -p /data && chown 1:1 /data", "/app"],
  ["RUN rm -rf /var/lib/apt/lists/*", "/app"],
  ["RUN echo /app > /etc/motd", "/app"],
  ["RUN touch app", "/app"],
])("%s leaves %s alone", async (instruction, path) => {
  expect(await touches(instruction, path)).toBe(false);
});

test.each([
  ["WORKDIR /app/logs", "/app"],
  ["WORKDIR $X", "/app"],
  ["COPY a /app/b", "/app"],
  ["COPY a /", "/app"],
  ["COPY a $X", "/app"],
  ["RUN make", "/app"],
  ["RUN apt-get install -y bash", "/bin/bash"],
  ["RUN apt-get install -y /app/x.deb", "/app"],
  ["RUN apt-get install -y $(cat list)", "/app"],
  ["RUN ls /", "/app"],
  ["RUN rm /*.sh", "/run.sh"],
  ["RUN echo x > /app/x", "/app"],
  ["RUN touch x", "/w"],
  ["RUN touch ../app/x", "/app"],
  ["RUN find / -name x", "/app"],
  ["RUN ls | xargs rm", "/app"],
  ["RUN $CMD", "/app"],
  ["RUN cp --target-directory=/app x", "/app"],
  ["RUN useradd -m bob", "/home/bob"],
])("%s might touch %s", async (instruction, path) => {
  expect(await touches(instruction, path)).toBe(true);
});

test("a shell that is not known might do anything", async () => {
  expect(await touches('SHELL ["pwsh", "-c"]\nRUN mkdir /x', "/app")).toBe(true);
});
