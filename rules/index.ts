/** Every rule, listed literally: nothing registers itself. Written by `npm run docs` from the files below rules/. */
import type { Rule } from "../src/rule/contract.ts";
import { addInsteadOfCopy } from "./instructions/add-instead-of-copy.ts";
import { aptInScript } from "./packages/apt-in-script.ts";
import { archiveCopiedThenExtracted } from "./instructions/archive-copied-then-extracted.ts";
import { archiveLeft } from "./instructions/archive-left.ts";
import { aufsMetadata } from "./portability/aufs-metadata.ts";
import { buildToolsLeft } from "./packages/build-tools-left.ts";
import { cacheBustingCopy } from "./instructions/cache-busting-copy.ts";
import { conflictInLayer } from "./portability/conflict-in-layer.ts";
import { consistentInstructionCasing } from "./instructions/consistent-instruction-casing.ts";
import { contextWithoutDockerignore } from "./instructions/context-without-dockerignore.ts";
import { danglingHardlink } from "./portability/dangling-hardlink.ts";
import { deletedLater } from "./layers/deleted-later.ts";
import { devDependenciesInstalled } from "./packages/dev-dependencies-installed.ts";
import { dockerfileMismatch } from "./layers/dockerfile-mismatch.ts";
import { duplicateEntry } from "./portability/duplicate-entry.ts";
import { emptyContinuation } from "./instructions/empty-continuation.ts";
import { escapingPath } from "./portability/escaping-path.ts";
import { fromAsCasing } from "./stages/from-as-casing.ts";
import { hardlinkToLowerLayer } from "./portability/hardlink-to-lower-layer.ts";
import { identicalRewrite } from "./layers/identical-rewrite.ts";
import { invalidIgnore } from "./comments/invalid-ignore.ts";
import { invalidWhiteout } from "./portability/invalid-whiteout.ts";
import { leftoverCache } from "./caches/leftover-cache.ts";
import { legacyKeyValue } from "./instructions/legacy-key-value.ts";
import { maintainer } from "./instructions/maintainer.ts";
import { metadataRewrite } from "./layers/metadata-rewrite.ts";
import { missingAssumeYes } from "./packages/missing-assume-yes.ts";
import { missingCacheMount } from "./caches/missing-cache-mount.ts";
import { missingParent } from "./portability/missing-parent.ts";
import { movedLater } from "./layers/moved-later.ts";
import { overlayWhiteoutDevice } from "./portability/overlay-whiteout-device.ts";
import { overwrittenCommand } from "./instructions/overwritten-command.ts";
import { parentNotDir } from "./portability/parent-not-dir.ts";
import { pathThroughSymlink } from "./portability/path-through-symlink.ts";
import { phantomWhiteout } from "./portability/phantom-whiteout.ts";
import { pipeWithoutPipefail } from "./instructions/pipe-without-pipefail.ts";
import { recommendsInstalled } from "./packages/recommends-installed.ts";
import { recreatedDirectory } from "./layers/recreated-directory.ts";
import { recursivePermissionChange } from "./instructions/recursive-permission-change.ts";
import { relativeWorkdir } from "./instructions/relative-workdir.ts";
import { remoteAddWithoutChecksum } from "./instructions/remote-add-without-checksum.ts";
import { rewrittenLater } from "./layers/rewritten-later.ts";
import { secretInLayer } from "./secrets/secret-in-layer.ts";
import { shellFormCommand } from "./instructions/shell-form-command.ts";
import { sparseLoginLogs } from "./layers/sparse-login-logs.ts";
import { squashableLayers } from "./layers/squashable-layers.ts";
import { stageNameCasing } from "./stages/stage-name-casing.ts";
import { sudo } from "./instructions/sudo.ts";
import { syntax } from "./instructions/syntax.ts";
import { unpinnedBase } from "./stages/unpinned-base.ts";
import { unusedIgnore } from "./comments/unused-ignore.ts";
import { unusedStage } from "./stages/unused-stage.ts";
import { updateWithoutInstall } from "./packages/update-without-install.ts";
import { upgradeInBuild } from "./packages/upgrade-in-build.ts";
import { whiteoutAndFile } from "./portability/whiteout-and-file.ts";

export const allRules: readonly Rule[] = [
  addInsteadOfCopy,
  aptInScript,
  archiveCopiedThenExtracted,
  archiveLeft,
  aufsMetadata,
  buildToolsLeft,
  cacheBustingCopy,
  conflictInLayer,
  consistentInstructionCasing,
  contextWithoutDockerignore,
  danglingHardlink,
  deletedLater,
  devDependenciesInstalled,
  dockerfileMismatch,
  duplicateEntry,
  emptyContinuation,
  escapingPath,
  fromAsCasing,
  hardlinkToLowerLayer,
  identicalRewrite,
  invalidIgnore,
  invalidWhiteout,
  leftoverCache,
  legacyKeyValue,
  maintainer,
  metadataRewrite,
  missingAssumeYes,
  missingCacheMount,
  missingParent,
  movedLater,
  overlayWhiteoutDevice,
  overwrittenCommand,
  parentNotDir,
  pathThroughSymlink,
  phantomWhiteout,
  pipeWithoutPipefail,
  recommendsInstalled,
  recreatedDirectory,
  recursivePermissionChange,
  relativeWorkdir,
  remoteAddWithoutChecksum,
  rewrittenLater,
  secretInLayer,
  shellFormCommand,
  sparseLoginLogs,
  squashableLayers,
  stageNameCasing,
  sudo,
  syntax,
  unpinnedBase,
  unusedIgnore,
  unusedStage,
  updateWithoutInstall,
  upgradeInBuild,
  whiteoutAndFile,
];
