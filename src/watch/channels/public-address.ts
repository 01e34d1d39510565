import { BlockList, isIP } from "node:net";

/**
 * Whether an IP address is one of the public internet: no loopback, private, link-local, shared,
 * multicast or reserved one, and none under which clouds serve metadata. Ranges are those of the
 * IANA special-purpose registries.
 *
 * @param address without brackets and zone; anything else is not public
 */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !SPECIAL.check(address, "ipv4");
    case 6:
      return GLOBAL_UNICAST.check(address, "ipv6") && !SPECIAL.check(address, "ipv6");
    default:
      return false;
  }
}

const SPECIAL_IPV4 = [
  ...["0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16"],
  ...["172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16"],
  ...["198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"],
  // Azure's platform address is in a public range.
  "168.63.129.16/32",
];

/** Within 2000::/3. Those that embed an IPv4 address (6to4, Teredo) would lead round the check. */
const SPECIAL_IPV6 = ["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"];

const GLOBAL_UNICAST = new BlockList();
GLOBAL_UNICAST.addSubnet("2000::", 3, "ipv6");

const SPECIAL = new BlockList();
for (const range of SPECIAL_IPV4) addRange(range, "ipv4");
for (const range of SPECIAL_IPV6) addRange(range, "ipv6");

function addRange(range: string, family: "ipv4" | "ipv6"): void {
  const [network = "", prefix = ""] = range.split("/");
  SPECIAL.addSubnet(network, Number(prefix), family);
}
