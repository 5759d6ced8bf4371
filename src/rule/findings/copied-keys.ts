/** Predicts private keys and logins in an image: a COPY names a file that holds nothing else. */
import { isProvenByLayers } from "../../analysis/layer-evidence.ts";
import type { BuildSubject } from "../../analysis/subject.ts";
import { isLoginFile } from "../../knowledge/small-files.ts";
import { baseName } from "../../paths.ts";
import type { Finding } from "../contract.ts";

/** Yields a finding for each COPY or ADD whose source is such a file of the build context. */
export function* copiedKeys(subject: BuildSubject): Iterable<Finding> {
  for (const { instruction, sources } of subject.dockerfile.steps) {
    const path = sources?.paths.find(
      (each) => isLoginFile.test(baseName(each) ?? "") && !forTests.test(each),
    );
    if (path === undefined || isProvenByLayers(subject, instruction)) continue;
    const what = /id_\w+$/.test(path) ? "a private SSH key by its name" : "a file of passwords by its name";
    yield {
      message: `line ${instruction.line} copies ${path} into the image, ${what}: everybody who has the image can read it, even if a later line deletes it`,
      advice:
        "Mount it for the RUN that needs it: RUN --mount=type=secret,id=…,target=…, or RUN --mount=type=ssh for a key. If it was in an image that others have, revoke it.",
      severity: "warning",
      evidence: "dockerfile",
      locations: [{ instruction }],
    };
  }
}

const forTests = /(?:^|\/)(?:tests?|testdata|fixtures?|examples?|docs?)\//i;
