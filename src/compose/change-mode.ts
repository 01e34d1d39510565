import type { RouteMode } from "../cascade/route.ts";
import type { LeadsmanConfig } from "../config/config.ts";
import { ROUTE_NAME, unknownName } from "../config/unknown-name.ts";
import type { Ledger, ModeChange } from "../ledger/ledger.ts";
import type { Clock } from "../support/clock.ts";
import { createIdSource } from "../support/ids.ts";
import { systemRandomBytes } from "../support/system-random.ts";
import { readRoutesInForce } from "./routes-in-force.ts";

export interface ModeOrder {
  readonly route: string;
  readonly mode: RouteMode;
  /** Why, for the audit. Not empty. */
  readonly reason: string;
  /** `operator`, or the part of Leadsman that asks for it. */
  readonly by: string;
}

export interface ModeOutcome {
  readonly before: RouteMode;
  readonly change: ModeChange;
  /** True when the route waits for a certificate and so runs in shadow all the same. */
  readonly isHeldInShadow: boolean;
}

/**
 * Writes a mode into the audit. Running gateways take it over at their next look. It is written
 * even when the mode seems to be that already: a gateway may have been started with another.
 *
 * @throws LeadsmanError `route_unknown`
 */
export async function changeMode(
  config: Pick<LeadsmanConfig, "routes">,
  ledger: Ledger,
  order: ModeOrder,
  clock: Clock,
): Promise<ModeOutcome> {
  const routes = await readRoutesInForce(config, ledger);
  const found = routes.find(({ configured }) => configured.name === order.route);
  if (found === undefined) {
    const names = routes.map(({ configured }) => configured.name);
    throw unknownName(ROUTE_NAME, order.route, names);
  }
  const change: ModeChange = {
    ...order,
    id: createIdSource("mode_", clock, systemRandomBytes)(),
    configuredMode: found.configured.mode,
    createdAtMs: clock.nowMs(),
  };
  await ledger.addModeChange(change);
  const isLive = order.mode !== "off" && order.mode !== "shadow";
  const isHeldInShadow = isLive && found.route.requireCertificate && !found.isCertified;
  return { before: found.route.mode, change, isHeldInShadow };
}
