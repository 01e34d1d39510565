import { expect, test } from "vitest";
import { exampleRoute } from "../cascade/examples.fixture.ts";
import { changesBetween } from "./route-notes.ts";

test("a mode and a threshold that were taken over are told in a line each", () => {
  const before = [
    { route: exampleRoute(), isCertified: false },
    { route: exampleRoute({ name: "mail", mode: "shadow" }), isCertified: false },
  ];
  const [first, ...rest] = exampleRoute().tiers;
  const tiers = [{ ...first, model: "claude-haiku-4-5", provider: "a", threshold: 0.9 }, ...rest];
  const now = [
    { route: exampleRoute({ mode: { canary: 0.05 }, tiers }), isCertified: true },
    { route: exampleRoute({ name: "mail", mode: "shadow" }), isCertified: false },
    { route: exampleRoute({ name: "new" }), isCertified: false },
  ];
  expect(changesBetween(before, now)).toEqual([
    "! support: live (uncertified) → canary 5%",
    "! support: [claude-haiku-4-5 ≥ 0.80 → claude-opus-4-7] → " +
      "[claude-haiku-4-5 ≥ 0.90 → claude-opus-4-7]",
  ]);
});
