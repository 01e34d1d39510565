import type { Attempt } from "../cascade/receipt.ts";
import type { Route } from "../cascade/route.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { isJsonObject } from "../support/json.ts";

/** What a certificate was made for; it says nothing about anything else. */
export interface CertificateScope {
  /** Models of the tiers as they were configured. */
  readonly models: readonly string[];
  /** The names under which upstream answered for them in the evidence; null = not known. */
  readonly reportedModels: readonly (string | null)[];
  /** Null = not known. */
  readonly promptHash: string | null;
}

/** What is in use now. */
export interface InUse {
  readonly route: Pick<Route, "tiers">;
  /** Of the route's present verdict protocol. */
  readonly promptHash: string;
  /** The newest triages of the route, newest first, of all tiers. */
  readonly triages: readonly LatestTriage[];
}

export type LatestTriage = Pick<Attempt, "tier" | "model" | "reportedModel">;

/**
 * Whether a certificate still speaks of what is in use: errors of one model or prompt say nothing of
 * another's. A certificate that was made from evidence under the configured name of a model does not
 * say which snapshot that was, so it stands while the name is configured; what it does not know, and
 * what has not been triaged since, cannot speak against it.
 *
 * @param certificate JSON as `leadsman tune --apply` writes it, with the scope as `madeFor`
 */
export function certificateStands(certificate: string, inUse: InUse): boolean {
  if (!certifies(certificate)) return false;
  const scope = readScope(certificate);
  if (scope === null) return true;
  const { route, promptHash, triages } = inUse;
  if (scope.promptHash !== null && scope.promptHash !== promptHash) return false;
  if (scope.models.length !== route.tiers.length) return false;
  return route.tiers.every(({ model }, tier) => {
    if (scope.models[tier] !== model) return false;
    const certified = scope.reportedModels[tier] ?? model;
    if (certified === model) return true;
    const latest = triages.find((triage) => triage.tier === tier && triage.model === model);
    return latest === undefined || (latest.reportedModel ?? latest.model) === certified;
  });
}

/** Requests to look through for the newest triage of each tier. */
const LOOKED_THROUGH = 50;

/** The newest triages of a route, newest first. */
export async function readLatestTriages(
  ledger: Pick<Ledger, "requests">,
  route: string,
): Promise<readonly LatestTriage[]> {
  const { rows } = await ledger.requests({ route }, LOOKED_THROUGH);
  return rows.flatMap(({ attempts }) =>
    attempts.filter(({ role }) => role === "triage" || role === "shadow_triage"),
  );
}

/** Evidence of a move from a threshold that was not certified vouches for nothing. */
function certifies(certificate: string): boolean {
  const parsed = parsedOrNull(certificate);
  return !isJsonObject(parsed) || parsed["certifies"] !== false;
}

function readScope(certificate: string): CertificateScope | null {
  const parsed = parsedOrNull(certificate);
  const scope = isJsonObject(parsed) ? parsed["madeFor"] : null;
  if (!isJsonObject(scope)) return null;
  const { models, reportedModels, promptHash } = scope;
  if (!Array.isArray(models) || !Array.isArray(reportedModels)) return null;
  return {
    models: models.map(String),
    reportedModels: reportedModels.map((name) => (typeof name === "string" ? name : null)),
    promptHash: typeof promptHash === "string" ? promptHash : null,
  };
}

function parsedOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
