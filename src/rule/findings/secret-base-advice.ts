/** What who builds on a base image with a secret in it can do. */
export const baseAdvice = "The base image brings it: tell who maintains it, or use another base image.";
