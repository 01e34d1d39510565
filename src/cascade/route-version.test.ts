import { describe, expect, test } from "vitest";
import { exampleRoute } from "./examples.fixture.ts";
import { routeVersionId } from "./route-version.ts";
import type { Route } from "./route.ts";

const ROUTE = exampleRoute();
const VERSION = routeVersionId(ROUTE);

describe("routeVersionId", () => {
  test("is the same for the same content in any order", () => {
    expect(VERSION).toMatch(/^[0-9a-f]{16}$/);
    const reordered = Object.fromEntries(Object.entries(ROUTE).toReversed());
    expect(routeVersionId({ ...ROUTE, ...reordered })).toBe(VERSION);
    const sampling = Object.fromEntries(Object.entries(ROUTE.sampling).toReversed());
    expect(routeVersionId({ ...ROUTE, sampling: { ...ROUTE.sampling, ...sampling } })).toBe(
      VERSION,
    );
  });

  test.each<[string, Partial<Route>]>([
    ["mode", { mode: { canary: 0.05 } }],
    ["thresholds", { tiers: ROUTE.tiers.map((tier) => ({ ...tier, threshold: 0.5 })) }],
  ])("does not count what audited settings move: %s", (_name, changes) => {
    expect(routeVersionId({ ...ROUTE, ...changes })).toBe(VERSION);
  });

  test.each<[string, Partial<Route>]>([
    ["name", { name: "sales" }],
    ["pattern", { matchModel: null }],
    ["model", { tiers: ROUTE.tiers.map((tier) => ({ ...tier, model: "claude-sonnet-4-6" })) }],
    ["provider", { tiers: ROUTE.tiers.map((tier) => ({ ...tier, provider: "other" })) }],
    ["order of tiers", { tiers: ROUTE.tiers.toReversed() }],
    ["protocol", { protocol: { kind: "field", field: "confidence" } }],
    ["sampling", { sampling: { ...ROUTE.sampling, band: 0 } }],
    ["limits", { limits: { ...ROUTE.limits, backgroundUsdPerDay: null } }],
    ["tools", { allowTools: true }],
    ["certificate", { requireCertificate: true }],
    ["bodies", { bodies: "none" }],
    ["candidates", { candidates: [{ model: "claude-sonnet-4-6", provider: "anthropic" }] }],
  ])("counts: %s", (_name, changes) => {
    expect(routeVersionId({ ...ROUTE, ...changes })).not.toBe(VERSION);
  });
});
