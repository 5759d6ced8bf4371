/** The forms that an image file as a whole can have: the only list of them. */

/** Those that can be written. A hybrid is a docker-archive and an OCI archive in one; `oci` is an OCI layout. */
export const outputForms = ["docker-archive", "oci", "oci-archive", "hybrid"] as const;
export type OutputForm = (typeof outputForms)[number];

/** Those that can be read; `dir` is the folder that skopeo writes. */
export type ImageForm = OutputForm | "dir";
