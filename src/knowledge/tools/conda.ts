/** conda, and the programs with its command line. */
import type { Tool } from "../tool.ts";

export const conda: Tool = {
  id: "conda",
  names: ["conda", "mamba", "micromamba"],
  source: "conda documentation, pkgs_dirs and conda clean",
  known: "install create update env config clean init info list remove uninstall search".split(" "),
  caches: [
    // packages are hardlinked into the environments: only archives and what no other path has counts
    {
      what: "conda's package cache",
      path: /(?:^|\/)(?:\.?conda|miniconda3?|anaconda3?|\.?mamba|mambaforge|miniforge3?|micromamba)\/pkgs\/./,
      folder: "/opt/conda/pkgs",
      cleanedBy: /\/pkgs(?:\/|$)/,
      variables: [
        { name: "CONDA_PKGS_DIRS", below: "" },
        { name: "MAMBA_ROOT_PREFIX", below: "pkgs/" },
      ],
      refills: true,
    },
  ],
  writers: [
    {
      verbs: ["install", "create", "update", "env create", "env update"],
      fills: [0],
      elsewhereByFlags: ["--dry-run", "-d", "--offline", "--root-prefix"],
    },
  ],
  cleaners: [
    {
      words: ["clean"],
      empties: { cache: 0, with: ["-a", "--all", "-tipy"] },
    },
  ],
  remedies: [
    {
      clears: [0],
      append: "{tool} clean --all --yes",
      unsafe: "a later conda command of the build may want the packages",
      neededBy: { users: [{ names: ["conda", "mamba", "micromamba"], word: /^--offline$/ }] },
    },
  ],
  title: "conda",
  example: {
    run: "conda install -y numpy",
    leftover: "opt/conda/pkgs/numpy.conda",
    innocent: "opt/conda/lib/libnumpy.so",
  },
  advice:
    "End the RUN with && conda clean --all --yes (or mamba, micromamba), or mount a cache: RUN --mount=type=cache,target=/opt/conda/pkgs.",
  clusters: true,
  removal: { word: /^(?:uninstall|remove)$/ },
};
