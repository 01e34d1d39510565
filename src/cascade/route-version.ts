import { hash } from "node:crypto";
import { createProtocol } from "./protocols/create-protocol.ts";
import type { Route } from "./route.ts";

/**
 * Id of a route's content: 16 hexadecimal digits that are equal for equal content, whatever the
 * order of its members.
 *
 * Counts: everything the route says, and the hash of the prompt it uses. Does not count: mode and
 * thresholds. They are moved by audited settings while traffic flows, every record holds the values
 * it was decided by, and what was learned of a route's confidences outlives their moves.
 */
export function routeVersionId(route: Route): string {
  const { mode: _mode, tiers, protocol, ...rest } = route;
  const content = {
    ...rest,
    protocol: { ...protocol, promptHash: createProtocol(protocol).promptHash },
    tiers: tiers.map(({ threshold: _threshold, ...tier }) => tier),
  };
  return hash("sha256", JSON.stringify(content, sortedMembers)).slice(0, 16);
}

/** For `JSON.stringify`: objects with their members in the order of their names. */
function sortedMembers(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1)),
  );
}
