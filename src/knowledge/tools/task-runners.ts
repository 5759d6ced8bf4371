/** Programs that run the tasks of a project, whatever they are. */
import type { Tool } from "../tool.ts";

export const taskRunners: Tool = {
  id: "task-runners",
  names: ["just", "task"],
  source: "just and Task documentation",
  opaque: "anything",
};
