/**
 * How builders differ in the flags of COPY and ADD. Seen with Docker's classic builder and BuildKit of 20.10 and 28.5,
 * and buildah 1.28; kaniko by its issues 1751, 2075 and 3166.
 */

/** The programs that build Dockerfiles, and differ in what they make of them. Podman builds with `buildah`. */
export const builderNames = ["docker-classic", "buildkit", "buildah", "kaniko"] as const;
export type BuilderName = (typeof builderNames)[number];

export interface BuilderFacts {
  /** As messages name it. */
  readonly title: string;
  /** The modes that `--chmod` takes; the classic builder refuses the flag. */
  readonly chmod: "none" | "octal" | "symbolic";
  /** True if a file from the build context keeps its set-user-ID and set-group-ID bits. */
  readonly keepsSpecialBits: boolean;
}

export const builders: Readonly<Record<BuilderName, BuilderFacts>> = {
  "docker-classic": { title: "Docker's classic builder", chmod: "none", keepsSpecialBits: false },
  buildkit: { title: "BuildKit", chmod: "symbolic", keepsSpecialBits: true },
  buildah: { title: "buildah", chmod: "octal", keepsSpecialBits: false },
  kaniko: { title: "kaniko", chmod: "octal", keepsSpecialBits: true },
};

/**
 * The octal mode that `--chmod` gives a copied folder itself with every builder: BuildKit of Docker 20.10 and buildah
 * 1.28 leave that folder 0755, whatever the flag says, and give the mode to all that is in it.
 */
export const commonFolderMode = 0o755;
