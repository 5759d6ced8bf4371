/** Whether a stage builds for Windows, where RUN goes to cmd and paths are other ones. */
import type { Dockerfile, Instruction, Stage } from "../dockerfile/dockerfile.ts";

/** The names that Microsoft's base images have, and the tags of official images that are built on them. */
const image =
  /(?:^|[/:._-])(?:windows|dotnet\/framework|windowsservercore|nanoserver|servercore)(?:$|[/:@._-])/i;

/** Programs that only Windows has under these names; `pwsh` is everywhere. */
const program = /^(?:cmd|powershell)(?:\.exe)?$/i;

/**
 * By the base's name or platform, else by what the stage does. A backtick as escape character is made for Windows paths,
 * but works everywhere: it counts only where nobody can see what the base is.
 */
export function isWindows(stage: Stage, file: Dockerfile): boolean {
  const { platform = "", expandedImage, image: written } = stage;
  if (platform !== "" && !platform.includes("$")) return platform.toLowerCase().startsWith("windows");
  if (image.test(expandedImage ?? written)) return true;
  if (expandedImage === undefined && file.escape === "`") return true;
  return stage.instructions.some(hints);
}

function hints(instruction: Instruction): boolean {
  const { keyword, body, exec } = instruction;
  switch (keyword) {
    case "RUN":
      return program.test(exec?.[0] ?? /^\S*/.exec(body)?.[0] ?? "");
    case "SHELL":
      return exec?.[0] !== undefined && program.test(exec[0].slice(Math.max(0, exec[0].search(/[^/\\]*$/))));
    case "WORKDIR":
      return /^"?[A-Za-z]:[/\\]/.test(body);
    default:
      return false;
  }
}
