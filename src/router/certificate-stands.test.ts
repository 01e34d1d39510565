import { describe, expect, test } from "vitest";
import { exampleRoute } from "../cascade/examples.fixture.ts";
import {
  certificateStands,
  type CertificateScope,
  type LatestTriage,
} from "./certificate-stands.ts";

/** Tiers claude-haiku-4-5 and claude-opus-4-7. */
const ROUTE = exampleRoute();
const [CHEAP = "", DEEP = ""] = ROUTE.tiers.map(({ model }) => model);
const SNAPSHOT = `${CHEAP}-20251001`;
const SCOPE: CertificateScope = {
  models: [CHEAP, DEEP],
  reportedModels: [SNAPSHOT, null],
  promptHash: "p1",
};

function triage(reportedModel: string | null, model = CHEAP): LatestTriage {
  return { tier: 0, model, reportedModel };
}

function stands(
  scope: object,
  { triages = [] as readonly LatestTriage[], promptHash = "p1" } = {},
): boolean {
  return certificateStands(JSON.stringify({ madeFor: scope }), {
    route: ROUTE,
    promptHash,
    triages,
  });
}

describe("a certificate stands", () => {
  test("while what it was made for is configured and reported", () => {
    expect(stands(SCOPE)).toBe(true);
    expect(stands(SCOPE, { triages: [triage(SNAPSHOT), triage("older")] })).toBe(true);
  });

  test("when it does not say what it was made for", () => {
    for (const text of ["{}", "no JSON", '{"madeFor":{}}', "[1]"]) {
      expect(certificateStands(text, { route: ROUTE, promptHash: "p1", triages: [] })).toBe(true);
    }
    expect(stands({ ...SCOPE, promptHash: null }, { promptHash: "p2" })).toBe(true);
  });

  test("when the evidence knew the configured name only", () => {
    const named = { ...SCOPE, reportedModels: [CHEAP, DEEP] };
    expect(stands(named, { triages: [triage(SNAPSHOT)] })).toBe(true);
  });

  test("whatever an earlier configured model reported", () => {
    expect(stands(SCOPE, { triages: [triage("something", "claude-3-haiku")] })).toBe(true);
  });
});

describe("a certificate falls", () => {
  test("with another prompt", () => {
    expect(stands(SCOPE, { promptHash: "p2" })).toBe(false);
  });

  test("with another configured model of any tier, or another number of tiers", () => {
    expect(stands({ ...SCOPE, models: ["claude-3-haiku", DEEP] })).toBe(false);
    expect(stands({ ...SCOPE, models: [CHEAP, "claude-sonnet-4-6"] })).toBe(false);
    expect(stands({ ...SCOPE, models: [CHEAP] })).toBe(false);
  });

  test("when upstream has begun to answer with another snapshot", () => {
    const triages = [triage(`${CHEAP}-20261120`), triage(SNAPSHOT)];
    expect(stands(SCOPE, { triages })).toBe(false);
  });
});
