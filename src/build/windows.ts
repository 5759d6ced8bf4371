/** Detects stages that build for Windows, where cmd executes RUN and paths differ. */
import type { Dockerfile, Instruction, Stage } from "../dockerfile/dockerfile.ts";

/** Names of Microsoft's base images, and tags of official images built on them. */
const image =
  /(?:^|[/:._-])(?:windows|dotnet\/framework|windowsservercore|nanoserver|servercore)(?:$|[/:@._-])/i;

/** Names of programs that only Windows has; `pwsh` runs everywhere. */
const program = /^(?:cmd|powershell)(?:\.exe)?$/i;

/**
 * Decides by the base's name or platform, else by the commands of the stage. A backtick as escape character is meant
 * for Windows paths, but works everywhere, so it counts only if the base is unknown.
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
