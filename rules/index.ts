/** Every rule, listed literally: nothing registers itself. */
import type { Rule } from "../src/engine/contract.ts";
import { addInsteadOfCopy } from "./add-instead-of-copy.ts";
import { aptForPeople } from "./apt-for-people.ts";
import { archiveCopiedThenExtracted } from "./archive-copied-then-extracted.ts";
import { archiveLeft } from "./archive-left.ts";
import { aufsMetadata } from "./aufs-metadata.ts";
import { buildToolsLeft } from "./build-tools-left.ts";
import { cacheBustingCopy } from "./cache-busting-copy.ts";
import { consistentInstructionCasing } from "./consistent-instruction-casing.ts";
import { contextWithoutDockerignore } from "./context-without-dockerignore.ts";
import { danglingHardlink } from "./dangling-hardlink.ts";
import { deletedLater } from "./deleted-later.ts";
import { devDependenciesInstalled } from "./dev-dependencies-installed.ts";
import { dockerfileMismatch } from "./dockerfile-mismatch.ts";
import { duplicateEntry } from "./duplicate-entry.ts";
import { emptyContinuation } from "./empty-continuation.ts";
import { escapingPath } from "./escaping-path.ts";
import { fromAsCasing } from "./from-as-casing.ts";
import { hardlinkToLowerLayer } from "./hardlink-to-lower-layer.ts";
import { identicalRewrite } from "./identical-rewrite.ts";
import { invalidIgnore } from "./invalid-ignore.ts";
import { invalidWhiteout } from "./invalid-whiteout.ts";
import { leftoverCache } from "./leftover-cache.ts";
import { legacyKeyValue } from "./legacy-key-value.ts";
import { maintainer } from "./maintainer.ts";
import { metadataRewrite } from "./metadata-rewrite.ts";
import { missingCacheMount } from "./missing-cache-mount.ts";
import { missingParent } from "./missing-parent.ts";
import { movedLater } from "./moved-later.ts";
import { overlayWhiteoutDevice } from "./overlay-whiteout-device.ts";
import { overwrittenCommand } from "./overwritten-command.ts";
import { parentNotDir } from "./parent-not-dir.ts";
import { pathThroughSymlink } from "./path-through-symlink.ts";
import { phantomWhiteout } from "./phantom-whiteout.ts";
import { pipeWithoutPipefail } from "./pipe-without-pipefail.ts";
import { recommendsInstalled } from "./recommends-installed.ts";
import { recreatedDirectory } from "./recreated-directory.ts";
import { recursivePermissionChange } from "./recursive-permission-change.ts";
import { relativeWorkdir } from "./relative-workdir.ts";
import { remoteAddWithoutChecksum } from "./remote-add-without-checksum.ts";
import { rewrittenLater } from "./rewritten-later.ts";
import { secretInLayer } from "./secret-in-layer.ts";
import { shellFormCommand } from "./shell-form-command.ts";
import { sparseLoginLogs } from "./sparse-login-logs.ts";
import { squashableLayers } from "./squashable-layers.ts";
import { stageNameCasing } from "./stage-name-casing.ts";
import { sudo } from "./sudo.ts";
import { syntax } from "./syntax.ts";
import { unansweredQuestion } from "./unanswered-question.ts";
import { unpinnedBase } from "./unpinned-base.ts";
import { unusedIgnore } from "./unused-ignore.ts";
import { unusedStage } from "./unused-stage.ts";
import { updateWithoutInstall } from "./update-without-install.ts";
import { upgradeInBuild } from "./upgrade-in-build.ts";
import { whiteoutAndFile } from "./whiteout-and-file.ts";

export const allRules: readonly Rule[] = [
  addInsteadOfCopy,
  aptForPeople,
  archiveCopiedThenExtracted,
  archiveLeft,
  aufsMetadata,
  buildToolsLeft,
  cacheBustingCopy,
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
  unansweredQuestion,
  unpinnedBase,
  unusedIgnore,
  unusedStage,
  updateWithoutInstall,
  upgradeInBuild,
  whiteoutAndFile,
];
