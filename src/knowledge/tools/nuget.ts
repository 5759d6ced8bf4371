/** NuGet, by the command of .NET. */
import type { Tool } from "../tool.ts";

export const nuget: Tool = {
  id: "nuget",
  names: ["dotnet"],
  helpers: ["nuget"],
  source:
    "NuGet documentation, Managing the global packages, cache and temp folders; dotnet nuget add source: --password",
  // System.CommandLine: no abbreviations
  options: [
    {
      short: "cfrovp",
      long: "--configuration --framework --runtime --output --verbosity --property --source --packages --configfile --lock-file-path --version-suffix --arch --os --package-directory --version --tool-path --add-source --self-contained --additionalprobingpath --additional-deps --depsfile --fx-version --roll-forward --runtimeconfig".split(
        " ",
      ),
      flags:
        "-d --diagnostics -h --help --info --list-runtimes --list-sdks --nologo -n --no-restore --no-build --no-dependencies --no-incremental --no-cache --force --interactive --ignore-failed-sources -g --global --clear --local".split(
          " ",
        ),
    },
  ],
  known: [
    ..."restore build publish pack add new clean nuget workload sln remove list msbuild dev-certs".split(" "),
    "tool install",
    "tool update",
    "tool restore",
    "tool uninstall",
    "tool list",
  ],
  caches: [
    {
      what: "NuGet's packages",
      path: /(?:^|\/)(?:\.nuget\/packages|\.local\/share\/NuGet\/(?:v3-cache|http-cache))\/./,
      folder: "~/.nuget/packages",
      variables: [{ name: "NUGET_PACKAGES", below: "" }],
      maybeWanted: true,
    },
  ],
  // a restore fetches nothing where a project has no packages
  writers: [
    {
      verbs: ["add package"],
      fills: [0],
      elsewhereByFlags: ["--package-directory", "--no-restore", "-n"],
    },
  ],
  cleaners: [
    {
      words: ["nuget", "locals"],
      empties: { cache: 0, with: ["all", "global-packages"] },
    },
  ],
  remedies: [
    {
      clears: [0],
      append: "dotnet nuget locals all --clear",
      unsafe: "a later dotnet command of the stage may need the packages",
      neededBy: { users: [{ names: ["dotnet"], word: /^(?:restore|build|publish|run|test|pack|add)$/ }] },
    },
  ],
  secrets: {
    options: [
      { short: "p", long: ["password"], behind: "source" },
      { short: "k", behind: "push" },
    ],
  },
  title: "NuGet",
  example: {
    run: "dotnet add package Serilog",
    leftover: "root/.nuget/packages/x/x.dll",
    innocent: "root/.nuget/NuGet/NuGet.Config",
  },
  advice:
    "Publish in an earlier stage and COPY --from only the result; there, mount a cache: RUN --mount=type=cache,target=/root/.nuget/packages.",
  usualWriters: [{ verbs: ["restore", "build", "publish"], fills: [0] }],
  // MSBuild, BaseIntermediateOutputPath
  outputs: [
    {
      what: "MSBuild's intermediate output",
      path: /(?:^|\/)obj\/(?:(?:Debug|Release)\/.|project\.assets\.json$)/,
    },
  ],
};
