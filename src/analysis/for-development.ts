/** Tells images for development and tests, which keep on purpose what a production image should not have. */
import type { DockerfileView } from "../build/build.ts";

/**
 * Names of stages and files. `Dockerfile.ci` is one of them: it builds the image that tests run in, and its caches and
 * compilers are there for the next job.
 */
const WORDS =
  /(?:^|[^a-z0-9])(?:\.?dev(?:el|elop|elopment|container|containers|env)?|gitpod|codespaces?|debug|test(?:s|ing|data|bed|er)?|e2e|ci|lint(?:er)?|validate|check|bench(?:mark|marks)?|fuzz(?:er|ing)?|perf)(?:[^a-z0-9]|$)/i;

/** Folders of a repository; `ci` and `dev` may hold Dockerfiles of anything, or be a user's own. */
const FOLDERS =
  /^(?:\.?devcontainers?|(?:.*-)?tests?(?:[-_]?(?:runners?|bases?|beds?|images?|envs?|suites?|resources|data|infra|harness))?|testing|e2e|fuzz(?:ing)?|bench(?:mark)?s?)$/i;

/**
 * Returns true if the name of the built stage, of the Dockerfile or of its folders says that the image is for development
 * or tests, or if the image sets the environment of its framework to that.
 */
export function isForDevelopment({ target, file, steps }: DockerfileView): boolean {
  if (WORDS.test(target?.name ?? "") || /devcontainers?\//i.test(target?.image ?? "")) return true;
  const path = file.place.split(/[\\/]/);
  const name = path.at(-1) ?? "";
  if (WORDS.test(name.replace(/dockerfile|containerfile/i, "."))) return true;
  if (path.slice(0, -1).some((folder) => FOLDERS.test(folder))) return true;
  const env = steps.at(-1)?.scope.env;
  return ["NODE_ENV", "RAILS_ENV", "RACK_ENV", "APP_ENV", "FLASK_ENV", "MIX_ENV"].some((variable) =>
    /^(?:dev|test)/.test(env?.get(variable) ?? ""),
  );
}
