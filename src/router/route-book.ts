import type { Route } from "../cascade/route.ts";
import type { VerdictProtocol } from "../cascade/protocols/protocol.ts";

/** A route as it stands now: thresholds and mode are those in force, not those configured. */
export interface ActiveRoute {
  readonly route: Route;
  /** Hash of the route's content; the ledger holds that content under it. */
  readonly versionId: string;
  /** Id of the applied threshold version; null when the configured value holds. */
  readonly thresholdVersionId: string | null;
  /** Whether the threshold in force comes with a certificate. */
  readonly isCertified: boolean;
  readonly protocol: VerdictProtocol;
}

/** The routes in force. Asked for every request, so it must be a plain read. */
export interface RouteBook {
  current(): readonly ActiveRoute[];
}
