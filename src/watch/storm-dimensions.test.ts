import { expect, test } from "vitest";
import { exampleRequest } from "../cascade/examples.fixture.ts";
import { inputClasses } from "../cascade/input-class.ts";
import { stormClasses } from "./live-watch.ts";
import { STORM_ALARM_LEVEL, STORM_DIMENSIONS, stormDimension } from "./storm-dimensions.ts";
import { WHOLE_ROUTE } from "./storm-watch.ts";

/** Everything that a request can be at once. */
const EVERYTHING = exampleRequest({
  messages: [
    {
      role: "user",
      content: [
        { type: "image", source: { type: "base64", media_type: "image/png", data: "AA==" } },
        { type: "text", text: "```f() { return; }```" },
      ],
    },
  ],
  tools: [{ name: "search", input_schema: { type: "object" } }],
});

test("a request with everything is in one class of each property, and in no other", () => {
  const classes = [WHOLE_ROUTE, ...stormClasses("refund", inputClasses(EVERYTHING, 30))];
  expect(classes.map(stormDimension)).toEqual(STORM_DIMENSIONS);
});

test("the level is 100,000 for each of them", () => {
  expect(STORM_ALARM_LEVEL).toBe(100_000 * STORM_DIMENSIONS.length);
});

test.each(["taste:bitter", "routes", "has:codec", "has:"])("%s is of no known property", (name) => {
  expect(stormDimension(name)).toBeNull();
});
