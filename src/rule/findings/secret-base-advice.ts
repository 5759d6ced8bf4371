/** What who builds on a base image with a secret in it can do. */
export const baseAdvice = "The secret is in the base image: tell its maintainer, or use another base image.";
