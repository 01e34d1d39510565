import { describe, expect, test } from "vitest";
import { exampleRoute } from "./examples.fixture.ts";
import { planRequest, type PlanInput, type RequestPlan } from "./plan.ts";
import type { Sampling } from "./route.ts";

const SAMPLING: Sampling = { triage: 1, shadow: 0, grade: 0, control: 0, band: 0 };

function plan(changes: Partial<PlanInput> = {}, sampling: Partial<Sampling> = {}): RequestPlan {
  return planRequest({
    route: exampleRoute({ sampling: { ...SAMPLING, ...sampling } }),
    mode: "live",
    isCertified: false,
    bypassReason: null,
    salt: "salt",
    subject: { user: "ada", metadataUserId: null, bodyHash: "b", requestId: "req_1" },
    ...changes,
  });
}

/** Mode and action in one line, for tables. */
function inWords({ mode, action }: RequestPlan): string {
  if (action.kind === "climb") return `${mode}: climb`;
  const reason = action.reason === null ? "" : ` (${action.reason})`;
  return `${mode}: ${action.decision}${reason}${action.shadowTriage ? " + triage" : ""}`;
}

describe("planRequest", () => {
  test.each<[string, Partial<PlanInput>, Partial<Sampling>, string]>([
    ["off", { mode: "off" }, {}, "off: bypassed (route_off)"],
    ["off, whatever else", { mode: "off", bypassReason: "tools" }, {}, "off: bypassed (route_off)"],
    ["shadow", { mode: "shadow" }, {}, "shadow: shadowed + triage"],
    ["shadow without triages", { mode: "shadow" }, { triage: 0 }, "shadow: shadowed"],
    [
      "shadow, not eligible",
      { mode: "shadow", bypassReason: "tools" },
      {},
      "shadow: bypassed (tools)",
    ],
    ["live", {}, {}, "live: climb"],
    ["live, not eligible", { bypassReason: "prefill" }, { control: 1 }, "live: bypassed (prefill)"],
    ["live, all control", {}, { control: 1 }, "live: control"],
    ["canary for all", { mode: { canary: 1 } }, {}, "live: climb"],
    ["canary for none", { mode: { canary: 0 } }, {}, "shadow: shadowed + triage"],
    [
      "canary, not eligible",
      { mode: { canary: 1 }, bypassReason: "tools" },
      {},
      "live: bypassed (tools)",
    ],
  ])("%s", (_name, changes, sampling, words) => {
    expect(inWords(plan(changes, sampling))).toBe(words);
  });

  test.each<[Partial<PlanInput>, string]>([
    [{}, "shadow: shadowed + triage"],
    [{ mode: { canary: 1 } }, "shadow: shadowed + triage"],
    [{ isCertified: true }, "live: climb"],
    [{ isCertified: true, mode: { canary: 1 } }, "live: climb"],
    [{ mode: "off" }, "off: bypassed (route_off)"],
  ])("a route that requires a certificate, %o", (changes, words) => {
    const route = exampleRoute({ requireCertificate: true, sampling: SAMPLING });
    expect(inWords(plan({ route, ...changes }))).toBe(words);
  });

  test("records each choice with its probability, chosen or not, and no other", () => {
    const drawn = (changes: Partial<PlanInput>): readonly string[] =>
      plan(changes, { control: 0.02, triage: 0.5 }).draws.map(
        ({ purpose, propensity }) => `${purpose} ${String(propensity)}`,
      );
    expect(drawn({ mode: "off" })).toEqual([]);
    expect(drawn({ mode: "shadow" })).toEqual(["triage 0.5"]);
    expect(drawn({})).toEqual(["control 0.02"]);
    expect(drawn({ mode: { canary: 1 } })).toEqual(["canary 1", "control 0.02"]);
    expect(drawn({ mode: { canary: 0 } })).toEqual(["canary 0", "triage 0.5"]);
    expect(drawn({ mode: { canary: 1 }, bypassReason: "tools" })).toEqual(["canary 1"]);
  });

  test("says of a control draw by user whose it was, hashed, and of no other", () => {
    const control = (changes: Partial<PlanInput>, share = 0.02) =>
      plan(changes, { control: share }).draws.find(({ purpose }) => purpose === "control");
    const nobody = { user: null, metadataUserId: null, bodyHash: "b", requestId: "req_1" };
    const ada = control({})?.unit;
    expect(ada).toMatch(/^[0-9a-f]{16}$/);
    expect(control({ subject: { ...nobody, user: "ada", requestId: "req_2" } })?.unit).toBe(ada);
    expect(control({ subject: { ...nobody, metadataUserId: "ada" } })?.unit).toBe(ada);
    expect(control({ subject: { ...nobody, user: "eve" } })?.unit).not.toBe(ada);
    expect(control({ salt: "other" })?.unit).not.toBe(ada);
    expect(control({ subject: nobody })).toEqual({
      purpose: "control",
      propensity: 0.02,
      isChosen: false,
    });
    expect(control({}, 0)).not.toHaveProperty("unit");
  });

  test("a canary serves one user one way", () => {
    const modeOf = (user: string, requestId: string): string =>
      plan({
        mode: { canary: 0.5 },
        subject: { user, metadataUserId: null, bodyHash: requestId, requestId },
      }).mode;
    const users = Array.from({ length: 40 }, (_, n) => `user ${String(n)}`);
    const modes = users.map((user) => modeOf(user, "req_1"));
    expect(users.map((user) => modeOf(user, "req_2"))).toEqual(modes);
    expect(new Set(modes)).toEqual(new Set(["live", "shadow"]));
  });
});
