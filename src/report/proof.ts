import { reportPath } from "../engine/locate.ts";
import { formatPlatform } from "../image/image.ts";
import type { OptimizeResult } from "../optimize/optimize.ts";
import type { OptimizeRequest } from "../optimize/request.ts";

/** What `--proof` keeps (schema/proof.schema.json); several platforms are a list. */
export function proofJson(
  requests: readonly OptimizeRequest[],
  results: readonly OptimizeResult[],
  version: string,
): string {
  const proofs = requests.map((request, i) => proofOf(request, results[i]!));
  const [only] = proofs;
  const document = {
    schemaVersion: 1,
    tool: { name: "layerlint", version },
    ...(proofs.length === 1
      ? only
      : {
          images: proofs.map((proof, i) => ({
            platform: formatPlatform(requests[i]!.image.config.platform),
            ...proof,
          })),
        }),
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

function proofOf({ image }: OptimizeRequest, { written }: OptimizeResult) {
  if (written === undefined) throw new Error("a prediction has no proof: a bug");
  const { proof, digest } = written;
  return {
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
