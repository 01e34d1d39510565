import type { LeadsmanConfig, RouteConfig } from "../config/config.ts";
import type { Ledger, ModeChange } from "../ledger/ledger.ts";
import { createProtocol } from "../cascade/protocols/create-protocol.ts";
import { certificateStands, readLatestTriages } from "../router/certificate-stands.ts";
import { applySettings } from "../router/live-route-book.ts";

/** A configured route and what the ledger's audited settings make of it. */
export interface RouteInForce {
  readonly configured: RouteConfig;
  /** With the thresholds and the mode in force. */
  readonly route: RouteConfig;
  readonly isCertified: boolean;
  readonly thresholdVersionId: string | null;
  /** The newest change, whether it still counts or not; null = there was none. */
  readonly latestModeChange: ModeChange | null;
}

/** The routes as a gateway that starts now would have them. */
export async function readRoutesInForce(
  config: Pick<LeadsmanConfig, "routes">,
  ledger: Pick<Ledger, "thresholdVersions" | "modeChanges" | "requests"> | null,
): Promise<readonly RouteInForce[]> {
  return Promise.all(
    config.routes.map(async (configured) => {
      const thresholds = (await ledger?.thresholdVersions(configured.name)) ?? [];
      const modes = (await ledger?.modeChanges(configured.name)) ?? [];
      const { promptHash } = createProtocol(configured.protocol);
      const isCertificate = thresholds.some(({ certificate }) => certificate !== null);
      const triages =
        ledger === null || !isCertificate ? [] : await readLatestTriages(ledger, configured.name);
      const { route, isCertified, thresholdVersionId } = applySettings(
        configured,
        thresholds,
        modes,
        undefined,
        (certificate) => certificateStands(certificate, { route: configured, promptHash, triages }),
      );
      return {
        configured,
        route: { ...configured, ...route },
        isCertified,
        thresholdVersionId,
        latestModeChange: modes[0] ?? null,
      };
    }),
  );
}
