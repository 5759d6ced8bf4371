/** Every rule, listed literally: nothing registers itself. */
import type { Rule } from "../src/engine/contract.ts";
import { archiveCopiedThenExtracted } from "./archive-copied-then-extracted.ts";
import { archiveLeft } from "./archive-left.ts";
import { aufsMetadata } from "./aufs-metadata.ts";
import { buildToolsLeft } from "./build-tools-left.ts";
import { cacheBustingCopy } from "./cache-busting-copy.ts";
import { contextWithoutDockerignore } from "./context-without-dockerignore.ts";
import { danglingHardlink } from "./dangling-hardlink.ts";
import { deletedLater } from "./deleted-later.ts";
import { dockerfileMismatch } from "./dockerfile-mismatch.ts";
import { duplicateEntry } from "./duplicate-entry.ts";
import { escapingPath } from "./escaping-path.ts";
import { hardlinkToLowerLayer } from "./hardlink-to-lower-layer.ts";
import { identicalRewrite } from "./identical-rewrite.ts";
import { invalidIgnore } from "./invalid-ignore.ts";
import { invalidWhiteout } from "./invalid-whiteout.ts";
import { leftoverCache } from "./leftover-cache.ts";
import { metadataRewrite } from "./metadata-rewrite.ts";
import { missingCacheMount } from "./missing-cache-mount.ts";
import { missingParent } from "./missing-parent.ts";
import { movedLater } from "./moved-later.ts";
import { overlayWhiteoutDevice } from "./overlay-whiteout-device.ts";
import { parentNotDir } from "./parent-not-dir.ts";
import { pathThroughSymlink } from "./path-through-symlink.ts";
import { phantomWhiteout } from "./phantom-whiteout.ts";
import { recreatedDirectory } from "./recreated-directory.ts";
import { rewrittenLater } from "./rewritten-later.ts";
import { secretInLayer } from "./secret-in-layer.ts";
import { squashableLayers } from "./squashable-layers.ts";
import { syntax } from "./syntax.ts";
import { unusedIgnore } from "./unused-ignore.ts";
import { whiteoutAndFile } from "./whiteout-and-file.ts";

export const allRules: readonly Rule[] = [
  archiveCopiedThenExtracted,
  archiveLeft,
  aufsMetadata,
  buildToolsLeft,
  cacheBustingCopy,
  contextWithoutDockerignore,
  danglingHardlink,
  deletedLater,
  dockerfileMismatch,
  duplicateEntry,
  escapingPath,
  hardlinkToLowerLayer,
  identicalRewrite,
  invalidIgnore,
  invalidWhiteout,
  leftoverCache,
  metadataRewrite,
  missingCacheMount,
  missingParent,
  movedLater,
  overlayWhiteoutDevice,
  parentNotDir,
  pathThroughSymlink,
  phantomWhiteout,
  recreatedDirectory,
  rewrittenLater,
  secretInLayer,
  squashableLayers,
  syntax,
  unusedIgnore,
  whiteoutAndFile,
];
