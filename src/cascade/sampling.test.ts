import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { draw, drawsForShipped, samplingKey, type SamplingSubject } from "./sampling.ts";

const SUBJECT: SamplingSubject = {
  user: "ada",
  metadataUserId: "m-1",
  bodyHash: "b-1",
  requestId: "req_1",
};

const share = fc.double({ min: 0, max: 1, noNaN: true });

function chosenAmong(count: number, input: Omit<Parameters<typeof draw>[0], "key">): boolean[] {
  return Array.from(
    { length: count },
    (_, n) => draw({ ...input, key: `req_${String(n)}` }).isChosen,
  );
}

describe("draw", () => {
  test("is the first 53 bits of SHA-256 as a fraction, held against the share", () => {
    const digest = createHash("sha256").update("salt|control|ada").digest();
    const fraction = Number(digest.readBigUInt64BE() >> 11n) / 2 ** 53;
    const input = { purpose: "control", salt: "salt", key: "ada" } as const;
    expect(draw({ ...input, share: fraction }).isChosen).toBe(false);
    const justAbove = fraction + Number.EPSILON;
    expect(draw({ ...input, share: justAbove })).toEqual({
      purpose: "control",
      propensity: justAbove,
      isChosen: true,
    });
  });

  test("share 0 never is chosen and share 1 always", () => {
    expect(chosenAmong(2_000, { purpose: "band", salt: "s", share: 0 })).not.toContain(true);
    expect(chosenAmong(2_000, { purpose: "band", salt: "s", share: 1 })).not.toContain(false);
  });

  test("chooses about the share", () => {
    const count = 20_000;
    const chosen = chosenAmong(count, { purpose: "grade", salt: "s", share: 0.05 });
    // Four standard deviations of a binomial count around its mean.
    const slack = 4 * Math.sqrt(count * 0.05 * 0.95);
    expect(Math.abs(chosen.filter(Boolean).length - count * 0.05)).toBeLessThan(slack);
  });

  test("a larger share keeps everybody who was chosen", () => {
    fc.assert(
      fc.property(fc.string(), share, share, (key, one, other) => {
        const [smaller, larger] = [Math.min(one, other), Math.max(one, other)];
        const input = { purpose: "canary", salt: "s", key } as const;
        if (!draw({ ...input, share: smaller }).isChosen) return;
        expect(draw({ ...input, share: larger }).isChosen).toBe(true);
      }),
    );
  });

  test("of shadow and grade the smaller sample lies within the larger", () => {
    fc.assert(
      fc.property(fc.string(), share, share, (requestId, shadowShare, gradeShare) => {
        const shares = { shadow: shadowShare, grade: gradeShare };
        const { shadow, grade } = drawsForShipped(shares, "s", { ...SUBJECT, requestId });
        const [smaller, larger] = shadowShare <= gradeShare ? [shadow, grade] : [grade, shadow];
        expect(larger.isChosen || !smaller.isChosen).toBe(true);
      }),
    );
  });

  test("other purposes, and other salts, are drawn apart", () => {
    const control = chosenAmong(400, { purpose: "control", salt: "s", share: 0.5 });
    for (const other of [
      chosenAmong(400, { purpose: "canary", salt: "s", share: 0.5 }),
      chosenAmong(400, { purpose: "grade", salt: "s", share: 0.5 }),
      chosenAmong(400, { purpose: "control", salt: "t", share: 0.5 }),
    ]) {
      const equal = other.filter((isChosen, index) => isChosen === control[index]).length;
      expect(Math.abs(equal - 200)).toBeLessThan(60);
    }
  });
});

describe("samplingKey", () => {
  const WITHOUT_USER = { ...SUBJECT, user: null };

  test.each([
    ["canary", SUBJECT, "ada"],
    ["control", SUBJECT, "ada"],
    ["canary", WITHOUT_USER, "m-1"],
    ["canary", { ...SUBJECT, user: "" }, "m-1"],
    ["control", { ...WITHOUT_USER, metadataUserId: null }, "b-1"],
    ["control", { ...WITHOUT_USER, metadataUserId: "" }, "b-1"],
    ["triage", SUBJECT, "req_1"],
    ["shadow", SUBJECT, "req_1"],
    ["grade", SUBJECT, "req_1"],
    ["band", SUBJECT, "req_1"],
  ] as const)("%s", (purpose, subject, key) => {
    expect(samplingKey(purpose, subject)).toBe(key);
  });
});
