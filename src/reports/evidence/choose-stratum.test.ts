import { expect, test } from "vitest";
import { countOf } from "../tune/counts.fixture.ts";
import { chooseStrata } from "./choose-stratum.ts";

test("rows without a deep answer, which name no deep model, belong to those of the same cheap model", () => {
  const whole = countOf(0.9, "right", 600);
  const later = countOf(0.9, "right", 1, {
    ...{ deepModel: null, deepMissing: "not_sampled", dayMs: Date.UTC(2026, 10, 2) },
  });
  expect(chooseStrata([whole, later])).toMatchObject([
    { key: { deepModel: "deep" }, counts: [whole, later], leftOut: [] },
  ]);
  expect(chooseStrata([later])).toMatchObject([{ key: { deepModel: null }, counts: [later] }]);
  const unnamed = countOf(0.9, "right", 1, { deepModel: null, dayMs: later.key.dayMs });
  expect(chooseStrata([whole, unnamed])).toMatchObject([
    { counts: [unnamed], leftOut: [{ reason: "other_models", items: 600 }] },
  ]);
});
