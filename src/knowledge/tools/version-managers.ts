/** Programs that install versions of a language, and choose one. */
import type { Tool } from "../tool.ts";

export const versionManagers: Tool = {
  id: "version-managers",
  names: ["pyenv", "rbenv", "fnm", "n", "rustup", "volta"],
  source: "documentation of pyenv, rbenv, fnm, n, rustup and volta",
  options: [
    {
      short: "ct",
      long: "--profile --default-toolchain --component --target".split(" "),
      flags:
        "-q --quiet -v --verbose -h --help -V --version -y -s --skip-existing -f --force -k --keep --no-self-update".split(
          " ",
        ),
    },
  ],
  known:
    "install global local rehash versions version init use default alias list ls latest lts stable toolchain target component set self update show override setup env".split(
      " ",
    ),
};
