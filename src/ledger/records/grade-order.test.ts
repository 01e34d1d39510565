import { describe, expect, test } from "vitest";
import { createIdSource } from "../../support/ids.ts";
import { createRandom } from "../../support/random.ts";
import { MOST_GRADE_LEVEL, gradeLevel, gradeOrder } from "./grade-order.ts";

const random = createRandom("grade order");
const ids: readonly string[] = Array.from(
  { length: 40_000 },
  createIdSource("req_", { nowMs: () => 1_764_000_000_000, monotonicMs: () => 0 }, (count) =>
    Uint8Array.from({ length: count }, () => random() * 256),
  ),
);

describe("the order in which items are graded", () => {
  test("depends on the id alone, and stays what it is: it is stored", () => {
    expect(gradeOrder("req_01HZX")).toBe(gradeOrder("req_01HZX"));
    expect([gradeOrder(""), gradeOrder("a"), gradeOrder("req_01HZX")]).toMatchInlineSnapshot(`
      [
        0.6689221884589642,
        0.10352621669881046,
        0.789335859939456,
      ]
    `);
  });

  test("is spread evenly, also over ids that differ in their last digits only", () => {
    for (const some of [ids, ids.map((_, index) => `row ${index}`)]) {
      const orders = some.map(gradeOrder).toSorted((a, b) => a - b);
      const gap = Math.max(
        ...orders.map((order, index) => Math.abs(order - (index + 0.5) / orders.length)),
      );
      // Kolmogorov–Smirnov at one in a million: 2.7 / √n.
      expect(gap).toBeLessThan(2.7 / Math.sqrt(orders.length));
    }
  });

  test("has levels that hold half as many items each", () => {
    const levels = ids.map(gradeLevel);
    for (const level of [0, 1, 2, 4, 8]) {
      const share = levels.filter((one) => one >= level).length / ids.length;
      const error = Math.sqrt((2 ** -level * (1 - 2 ** -level)) / ids.length);
      expect(Math.abs(share - 2 ** -level)).toBeLessThanOrEqual(5 * error);
    }
    expect(Math.max(...levels)).toBe(MOST_GRADE_LEVEL);
  });
});
