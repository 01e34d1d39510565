import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { configSchema } from "./config-schema.ts";
import { FULL_CONFIG, FULL_ENVIRONMENT, loadText, SAMPLE_CONFIG } from "./sample-config.fixture.ts";
import { writeMode, writeSettings } from "./write-settings.ts";

describe("a configuration in the words of the file", () => {
  test.each([
    ["defaults", null],
    ["the usual file", SAMPLE_CONFIG],
    ["a file that uses everything", FULL_CONFIG],
  ])("reads back as the same: %s", (_case, text) => {
    const result = loadText(text, { env: FULL_ENVIRONMENT });
    if (!result.ok) throw new Error("the sample is broken");
    expect(configSchema.parse(writeSettings(result.value.config))).toEqual(result.value.config);
  });

  test("any share and any threshold read back as the same double", () => {
    const unit = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(unit, unit, (share, threshold) => {
        const config = configSchema.parse({
          routes: [{ name: "a", tiers: ["x", "y"], threshold, mode: { canary: share } }],
        });
        expect(configSchema.parse(writeSettings(config))).toEqual(config);
      }),
    );
  });

  test.each([
    ["off" as const, "off"],
    [{ canary: 0.05 }, { canary: "5%" }],
    [{ canary: 0.011 }, { canary: "1.1%" }],
    [{ canary: 0.29 }, { canary: "29%" }],
    [{ canary: 1e-9 }, { canary: 1e-9 }],
  ])("a mode is written as people write it: %j", (mode, written) => {
    expect(writeMode(mode)).toEqual(written);
  });
});
