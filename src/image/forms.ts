/** The only list of image formats. */

/** Formats that can be written. A hybrid is both a docker-archive and an OCI archive; `oci` is an OCI layout. */
export const outputForms = ["docker-archive", "oci", "oci-archive", "hybrid"] as const;
export type OutputForm = (typeof outputForms)[number];

/** Formats that can be read; `dir` is the folder that skopeo writes. */
export type ImageForm = OutputForm | "dir";
