import { expect, test } from "vitest";
import { parseRouteMode } from "./parse-mode.ts";

test.each([
  ["off", "off"],
  ["shadow", "shadow"],
  ["live", "live"],
  ["canary 5%", { canary: 0.05 }],
  ["canary=0.5", { canary: 0.5 }],
  ["canary: 100%", { canary: 1 }],
  ["canary", null],
  ["canary 200%", null],
  ["canary 5", null],
  ["Live", null],
  ["", null],
])("%j is %j", (text, mode) => {
  expect(parseRouteMode(text)).toEqual(mode);
});
