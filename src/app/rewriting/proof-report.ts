/** Makes the JSON text of a proof (schema/proof.schema.json). */
import { formatPlatform } from "../../image/image.ts";
import { reportPath } from "../../lint/locate.ts";
import { itemAt } from "../../must.ts";
import type { OptimizeResult } from "../../optimize/outcome.ts";
import type { OptimizeRequest } from "../../optimize/request.ts";
import type { Masker } from "../masker.ts";
import { version } from "../version.ts";

/** Returns the text of the proof. */
export function proofJson(
  requests: readonly OptimizeRequest[],
  results: readonly OptimizeResult[],
  masker: Masker,
): string {
  const images = requests.map((request, i) => proofOf(request, itemAt(results, i)));
  const document = { schemaVersion: 1, tool: { name: "layerlint", version }, images };
  return `${JSON.stringify(masker.data(document), undefined, 2)}\n`;
}

function proofOf({ image }: OptimizeRequest, { written }: OptimizeResult) {
  if (written === undefined) throw new Error("a prediction has no proof: a bug");
  const { proof, digest } = written;
  return {
    platform: formatPlatform(image.config.platform),
    before: {
      name: image.name,
      digest: image.digest ?? null,
      config: image.configDigest,
      diffIds: image.config.diffIds,
    },
    after: { digest: digest ?? null, config: written.image.configDigest, layers: proof.layers },
    rootfsDigest: proof.rootfsDigest,
    names: proof.names,
    comparedFiles: proof.comparedFiles,
    pruned: proof.pruned.map(reportPath),
    baseDiffIds: proof.baseDiffIds,
  };
}
