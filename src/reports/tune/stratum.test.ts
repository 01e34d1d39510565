import { describe, expect, test } from "vitest";
import type { EvidenceCount, EvidenceKey } from "../../ledger/records/evidence.ts";
import { countOf } from "./counts.fixture.ts";
import { isOfStratum, newestStratum } from "./stratum.ts";

const NEXT_DAY = { dayMs: Date.UTC(2026, 10, 2) };
const NO_DEEP: Partial<EvidenceKey> = { deepModel: null, deepMissing: "not_sampled" };

function split(counts: readonly EvidenceCount[]) {
  const stratum = newestStratum(counts);
  return { stratum, isIn: counts.map(({ key }) => isOfStratum(stratum, key)) };
}

describe("rows without a deep answer, which name no deep model", () => {
  test("belong to those of the same cheap model, and do not take their place", () => {
    const counts = [
      countOf(0.9, "right", 600),
      countOf(0.9, "right", 1, { ...NO_DEEP, ...NEXT_DAY }),
    ];
    expect(split(counts)).toMatchObject({ stratum: { deepModel: "deep" }, isIn: [true, true] });
  });

  test("stand alone where no other rows of their cheap model and prompt are", () => {
    const counts = [
      countOf(0.9, "right", 600),
      countOf(0.9, "right", 1, { ...NO_DEEP, ...NEXT_DAY, cheapModel: "newer" }),
    ];
    expect(split(counts)).toMatchObject({ stratum: { cheapModel: "newer" }, isIn: [false, true] });
  });

  test("are not those with an answer of a model that nobody has named", () => {
    const counts = [
      countOf(0.9, "right", 600),
      countOf(0.9, "right", 1, { deepModel: null, ...NEXT_DAY }),
    ];
    expect(split(counts)).toMatchObject({ stratum: { deepModel: null }, isIn: [false, true] });
  });
});
