import { expect, test } from "vitest";
import { isForDevelopment } from "../../src/analysis/for-development.ts";
import { resolveBuild } from "../../src/build/resolve-build.ts";
import { parseDockerfile } from "../../src/dockerfile/parse.ts";

const at = (place: string) =>
  isForDevelopment(resolveBuild(parseDockerfile("FROM base\nRUN make\n", "/home/me/test/Dockerfile", place)));

test.each([
  "Dockerfile.ci",
  ".gitpod.Dockerfile",
  "tests/apps/perf/server/docker/Dockerfile",
  "images/test-runner/rootfs/Dockerfile",
  "cloudbuild/testbase/Dockerfile",
  "ml/test_resources/Dockerfile",
  "ui-test/Dockerfile",
])("%s is for development or tests", (place) => {
  expect(at(place)).toBe(true);
});

test.each([
  "Dockerfile",
  "ci/release/Dockerfile",
  "contest/Dockerfile",
  "test-results-api/Dockerfile",
  "attestation/Dockerfile",
])("%s may be for production, whatever folder of its user it lies in", (place) => {
  expect(at(place)).toBe(false);
});
