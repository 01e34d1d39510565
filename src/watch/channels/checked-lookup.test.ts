import type { LookupAddress } from "node:dns";
import { expect, test } from "vitest";
import { createCheckedLookup } from "./checked-lookup.ts";
import { isPublicAddress } from "./public-address.ts";

test("tells the addresses that it has checked, and asks anew for each connection", () => {
  const answers = [["93.184.216.34", "2606:2800:220::1"], ["127.0.0.1"], []];
  let asked = 0;
  const look = createCheckedLookup(isPublicAddress, (_host, told) => {
    const addresses = answers[asked] ?? [];
    asked += 1;
    told(
      null,
      addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })),
    );
  });
  const told: (readonly [string | null, string | LookupAddress[]])[] = [];
  for (const all of [true, true, false]) {
    look("rebind.test", { all }, (error, addresses) => {
      told.push([error?.message ?? null, addresses]);
    });
  }
  expect(told).toEqual([
    [
      null,
      [
        { address: "93.184.216.34", family: 4 },
        { address: "2606:2800:220::1", family: 6 },
      ],
    ],
    ["rebind.test is at 127.0.0.1, which is not public", ""],
    ["rebind.test has no address", ""],
  ]);
  expect(asked).toBe(3);
});

test("tells a single address where one is asked for", () => {
  const look = createCheckedLookup(isPublicAddress, (_host, told) => {
    told(null, [{ address: "93.184.216.34", family: 4 }]);
  });
  const told: unknown[] = [];
  look("one.test", {}, (...answer) => told.push(answer));
  expect(told).toEqual([[null, "93.184.216.34", 4]]);
});
