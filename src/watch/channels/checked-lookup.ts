import { lookup, type LookupAddress } from "node:dns";
import type { LookupFunction } from "node:net";

/** All addresses of a host, in the order of preference. */
export type ResolveHost = (
  host: string,
  told: (error: Error | null, addresses: readonly LookupAddress[]) => void,
) => void;

/** Code of the error of a host that has an address that is not allowed. */
export const ADDRESS_REFUSED = "ERR_LEADSMAN_ADDRESS_REFUSED";

/**
 * The lookup of a connection, which fails unless all addresses of a host are allowed. What it checks
 * is what it tells, and a connection asks once: a name that changes its mind between the check and the
 * connection (DNS rebinding) leads nowhere.
 *
 * @param resolve default the system's
 */
export function createCheckedLookup(
  isAllowed: (address: string) => boolean,
  resolve: ResolveHost = resolveHost,
): LookupFunction {
  return (host, { all }, told) => {
    resolve(host, (error, addresses) => {
      const first = addresses?.[0];
      if (error !== null || first === undefined) {
        told(error ?? new Error(`${host} has no address`), "");
        return;
      }
      const bad = addresses.find(({ address }) => !isAllowed(address));
      if (bad !== undefined) {
        const message = `${host} is at ${bad.address}, which is not public`;
        told(Object.assign(new Error(message), { code: ADDRESS_REFUSED }), "");
      } else if (all === true) {
        told(null, [...addresses]);
      } else {
        told(null, first.address, first.family);
      }
    });
  };
}

const resolveHost: ResolveHost = (host, told) => {
  lookup(host, { all: true }, told);
};
