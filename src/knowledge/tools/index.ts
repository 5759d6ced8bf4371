/** The records of all tools. Written by `npm run docs` from the files beside it. */
import type { Tool } from "../tool.ts";
import { apk } from "./apk.ts";
import { apt } from "./apt.ts";
import { buildSystems } from "./build-systems.ts";
import { bun } from "./bun.ts";
import { bundler } from "./bundler.ts";
import { cargo } from "./cargo.ts";
import { compilers } from "./compilers.ts";
import { composer } from "./composer.ts";
import { conda } from "./conda.ts";
import { corepack } from "./corepack.ts";
import { curl } from "./curl.ts";
import { dnf } from "./dnf.ts";
import { dpkg } from "./dpkg.ts";
import { gem } from "./gem.ts";
import { git } from "./git.ts";
import { go } from "./go.ts";
import { gradle } from "./gradle.ts";
import { ldconfig } from "./ldconfig.ts";
import { make } from "./make.ts";
import { maven } from "./maven.ts";
import { mix } from "./mix.ts";
import { nix } from "./nix.ts";
import { node } from "./node.ts";
import { npm } from "./npm.ts";
import { nuget } from "./nuget.ts";
import { nvm } from "./nvm.ts";
import { pacman } from "./pacman.ts";
import { pdm } from "./pdm.ts";
import { phpExtensions } from "./php-extensions.ts";
import { php } from "./php.ts";
import { pip } from "./pip.ts";
import { pipenv } from "./pipenv.ts";
import { pipx } from "./pipx.ts";
import { pixi } from "./pixi.ts";
import { pnpm } from "./pnpm.ts";
import { poetry } from "./poetry.ts";
import { portage } from "./portage.ts";
import { python } from "./python.ts";
import { rpm } from "./rpm.ts";
import { setuptools } from "./setuptools.ts";
import { sevenZip } from "./seven-zip.ts";
import { tar } from "./tar.ts";
import { taskRunners } from "./task-runners.ts";
import { unzip } from "./unzip.ts";
import { uv } from "./uv.ts";
import { versionManagers } from "./version-managers.ts";
import { wget } from "./wget.ts";
import { xbps } from "./xbps.ts";
import { yarn } from "./yarn.ts";
import { zypper } from "./zypper.ts";

export const tools: readonly Tool[] = [
  apk,
  apt,
  buildSystems,
  bun,
  bundler,
  cargo,
  compilers,
  composer,
  conda,
  corepack,
  curl,
  dnf,
  dpkg,
  gem,
  git,
  go,
  gradle,
  ldconfig,
  make,
  maven,
  mix,
  nix,
  node,
  npm,
  nuget,
  nvm,
  pacman,
  pdm,
  phpExtensions,
  php,
  pip,
  pipenv,
  pipx,
  pixi,
  pnpm,
  poetry,
  portage,
  python,
  rpm,
  setuptools,
  sevenZip,
  tar,
  taskRunners,
  unzip,
  uv,
  versionManagers,
  wget,
  xbps,
  yarn,
  zypper,
];
