import { describe, expect, test } from "vitest";
import { exampleRoute } from "./examples.fixture.ts";
import { REQUESTED_MODEL, type Route } from "./route.ts";
import { fitsModelPattern, selectRoute, virtualModelNames } from "./select-route.ts";

const SUPPORT = exampleRoute({ name: "support", matchModel: "claude-opus-*" });
const LEGAL = exampleRoute({ name: "legal", matchModel: null });
const ANY = exampleRoute({
  name: "default",
  matchModel: "claude-*",
  tiers: [
    { model: "claude-haiku-4-5", provider: "anthropic", threshold: 0.8 },
    { model: REQUESTED_MODEL, provider: "anthropic", threshold: null },
  ],
});

/** `name`, `name (virtual)`, `passthrough` or the status and message of the problem. */
function choose(
  model: string,
  routes: readonly Route[],
  routeHeader: string | null = null,
): string {
  const found = selectRoute({ requestedModel: model, routeHeader, routes });
  if (found.kind === "passthrough") return "passthrough";
  if (found.kind === "problem") return `${String(found.status)} ${found.type}: ${found.message}`;
  return found.route.name + (found.isVirtual ? " (virtual)" : "");
}

describe("selectRoute", () => {
  test.each([
    ["leadsman", [SUPPORT], "support (virtual)"],
    ["leadsman", [SUPPORT, { ...LEGAL, name: "default" }], "default (virtual)"],
    ["leadsman/legal", [SUPPORT, LEGAL], "legal (virtual)"],
    ["claude-leadsman-legal", [SUPPORT, LEGAL], "legal (virtual)"],
    ["claude-opus-4-7", [LEGAL, SUPPORT], "support"],
    ["claude-opus-4-7", [ANY, SUPPORT], "default"],
    ["claude-sonnet-4-6", [SUPPORT, LEGAL], "passthrough"],
    ["gpt-6", [ANY], "passthrough"],
    ["claude-opus-4-7", [], "passthrough"],
  ])("model %s", (model, routes, expected) => {
    expect(choose(model, routes)).toBe(expected);
  });

  test("a header names the route of a real model", () => {
    expect(choose("claude-opus-4-7", [SUPPORT, LEGAL], "legal")).toBe("legal");
    expect(choose("gpt-6", [SUPPORT, LEGAL], "legal")).toBe("legal");
    expect(choose("leadsman/support", [SUPPORT, LEGAL], "legal")).toBe("support (virtual)");
  });

  test.each([
    [
      "leadsman",
      null,
      [SUPPORT, LEGAL],
      '400 invalid_request_error: The model "leadsman" needs one route, or one named "default". ' +
        "Routes: support, legal.",
    ],
    [
      "leadsman",
      null,
      [],
      '400 invalid_request_error: The model "leadsman" needs one route, or one named "default". ' +
        "No routes are configured.",
    ],
    [
      "leadsman/tax",
      null,
      [SUPPORT, LEGAL],
      '404 not_found_error: The model "leadsman/tax" names no route. Routes: support, legal.',
    ],
    [
      "claude-leadsman-",
      null,
      [SUPPORT],
      '404 not_found_error: The model "claude-leadsman-" names no route. Routes: support.',
    ],
    [
      "claude-opus-4-7",
      "tax",
      [SUPPORT],
      '404 not_found_error: The header x-leadsman-route names no route: "tax". Routes: support.',
    ],
    [
      "leadsman",
      null,
      [ANY],
      '400 invalid_request_error: The route "default" answers with the model that is requested, ' +
        'but "leadsman" is none. Request a real model, or name a model in each tier of the route.',
    ],
  ])("tells what is wrong: %s with header %s", (model, header, routes, problem) => {
    expect(choose(model, routes, header)).toBe(problem);
  });

  test("a route that ends in the requested model is not for its own cheap model", () => {
    expect(choose("claude-haiku-4-5", [ANY])).toBe("passthrough");
    expect(choose("claude-haiku-4-5-20251001", [ANY])).toBe("passthrough");
    expect(choose("claude-haiku-4-5", [ANY, { ...SUPPORT, matchModel: "*" }])).toBe("support");
    expect(choose("claude-opus-4-7", [ANY])).toBe("default");
  });
});

describe("fitsModelPattern", () => {
  test.each([
    ["claude-opus-*", "claude-opus-4-7", true],
    ["claude-opus-*", "claude-opus-", true],
    ["claude-opus-*", "claude-sonnet-4-6", false],
    ["claude-opus-4-7", "claude-opus-4-7", true],
    ["claude-opus-4-7", "claude-opus-4-7-x", false],
    ["*", "", true],
    ["*opus*", "claude-opus-4-7", true],
    ["*-4-*-fast", "claude-opus-4-7-fast", true],
    ["a*a", "a", false],
    ["a*b*a", "aba", true],
    ["a*b*a", "aa", false],
    ["claude.*", "claude-opus", false],
    ["", "claude-opus-4-7", false],
    ["claude-* !claude-haiku-*", "claude-opus-4-7", true],
    ["claude-* !claude-haiku-*", "claude-haiku-5-5", false],
    ["!claude-haiku-* claude-*", "claude-haiku-5-5", false],
    ["!claude-haiku-*", "claude-opus-4-7", true],
    ["claude-opus-* claude-sonnet-*", "claude-sonnet-4-6", true],
  ])("%s and %s: %s", (pattern, model, fits) => {
    expect(fitsModelPattern(pattern, model)).toBe(fits);
  });

  test("a pattern of many stars is quick", () => {
    const startMs = performance.now();
    expect(fitsModelPattern("*a".repeat(40) + "b", "a".repeat(2_000))).toBe(false);
    expect(performance.now() - startMs).toBeLessThan(100);
  });
});

describe("virtualModelNames", () => {
  test("lists what can be asked for", () => {
    expect(virtualModelNames([SUPPORT])).toEqual([
      "leadsman",
      "leadsman/support",
      "claude-leadsman-support",
    ]);
    expect(virtualModelNames([SUPPORT, LEGAL])).toEqual([
      "leadsman/support",
      "claude-leadsman-support",
      "leadsman/legal",
      "claude-leadsman-legal",
    ]);
  });

  test("leaves out routes that need a real model, and every name it lists is found", () => {
    expect(virtualModelNames([ANY])).toEqual([]);
    const routes = [ANY, SUPPORT, LEGAL];
    for (const name of virtualModelNames(routes)) expect(choose(name, routes)).toContain("virtual");
  });
});
