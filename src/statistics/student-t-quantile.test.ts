import { expect, test } from "vitest";
import { studentTQuantile } from "./student-t-quantile.ts";

const Z = 1.959963984540054;

// One and two degrees of freedom have closed forms: tan(π(p - ½)) and (2p - 1)/√(2p(1 - p)); with many
// the quantile nears the normal one, z + (z³ + z)/4ν.
test.each([
  [0.975, 1, Math.tan(Math.PI * 0.475)],
  [0.995, 1, Math.tan(Math.PI * 0.495)],
  [0.975, 2, 0.95 / Math.sqrt(2 * 0.975 * 0.025)],
  [0.6, 2, 0.2 / Math.sqrt(2 * 0.6 * 0.4)],
  [0.975, 4, 2.7764451051977987],
  [0.95, 10, 1.8124611228107335],
  [0.975, 30, 2.0422724563012373],
  [0.975, 1e6, Z + (Z ** 3 + Z) / 4e6],
])("share %d with %d degrees of freedom is %d", (share, degreesOfFreedom, quantile) => {
  expect(studentTQuantile(share, degreesOfFreedom) / quantile).toBeCloseTo(1, 9);
  expect(studentTQuantile(1 - share, degreesOfFreedom) / quantile).toBeCloseTo(-1, 9);
});

test("the middle is 0, and nonsense is refused", () => {
  expect(studentTQuantile(0.5, 3)).toBe(0);
  expect(() => studentTQuantile(1, 3)).toThrow("share");
  expect(() => studentTQuantile(0.9, 0)).toThrow("degreesOfFreedom");
});
