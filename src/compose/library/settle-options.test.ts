import { describe, expect, test } from "vitest";
import { createSimulatedProvider } from "../../providers/simulated/simulated-provider.ts";
import { LeadsmanError } from "../../support/leadsman-error.ts";
import type { CascadeOptions } from "./cascade-options.ts";
import { settleOptions } from "./settle-options.ts";

const SIMULATED = createSimulatedProvider({});
const SMALL: CascadeOptions = { tiers: ["x", "y"], provider: SIMULATED };

/** As a caller without types may call it. */
function settle(changes: object): ReturnType<typeof settleOptions> {
  return settleOptions({ ...SMALL, ...changes });
}

describe("options of a cascade", () => {
  test("are complete without being given", () => {
    const { route, classifyRoute, ledger, ownProviders, requestIds } = settle({});
    expect(route).toEqual({
      ...{ name: "default", matchModel: null, mode: "live", allowTools: false, bodies: "graded" },
      tiers: [
        { model: "x", provider: "simulated", threshold: 0.8 },
        { model: "y", provider: "simulated", threshold: null },
      ],
      protocol: { kind: "envelope" },
      sampling: { triage: 0, shadow: 0, grade: 0, control: 0, band: 0 },
      limits: { triageTimeoutMs: 10_000, backgroundUsdPerDay: 50 },
      requireCertificate: false,
    });
    expect(classifyRoute).toMatchObject({
      name: "default-classify",
      tiers: [{ threshold: 0.7 }, { threshold: null }],
      protocol: { kind: "field", field: "confidence" },
    });
    expect({ ledger, ownProviders }).toEqual({ ledger: null, ownProviders: [] });
    expect(requestIds()).toMatch(/^req_[0-9A-Z]{26}$/);
  });

  test("take thresholds and providers by tier", () => {
    const tiers = [{ model: "x", threshold: 1, provider: "b" }, { model: "z", provider: "a" }, "y"];
    const provider = { a: SIMULATED, anthropic: SIMULATED, b: { apiKey: "k" } };
    const { route, classifyRoute, ownProviders } = settle({ tiers, provider, threshold: 0.5 });
    expect(route.tiers).toEqual([
      { model: "x", provider: "b", threshold: 1 },
      { model: "z", provider: "a", threshold: 0.5 },
      { model: "y", provider: "anthropic", threshold: null },
    ]);
    expect(classifyRoute.tiers.map(({ threshold }) => threshold)).toEqual([0.7, 0.7, null]);
    expect(ownProviders.map(({ name }) => name)).toEqual(["b"]);
  });

  const WRONG: readonly [object, string][] = [
    [
      { tiers: [{ model: "x", threshold: 1.4 }, "y"] },
      'threshold of tier "x" must be in 0–1, found 1.4',
    ],
    [{ tiers: [{ model: "x", threshold: "0.9" }, "y"] }, 'must be in 0–1, found "0.9"'],
    [{ tiers: ["x", { model: "y", threshold: 0.5 }] }, 'threshold of tier "y" must be left out'],
    [{ tiers: [] }, "tiers must be a list of 1 to 8 models, found 0 of them"],
    [{ tiers: Array.from("123456789") }, "found 9 of them"],
    [{ tiers: "x" }, 'tiers must be a list of 1 to 8 models, found "x"'],
    [{ tiers: ["x", 3] }, "tier 2 must be a model name or { model }, found 3"],
    [{ tiers: ["", "y"] }, 'the model of tier 1 must be a name, found ""'],
    [{ tiers: ["requested", "y"] }, '"requested" must be the last tier, found it as tier 1'],
    [{ tiers: [{ model: "x", treshold: 1 }, "y"] }, 'found "treshold"; did you mean "threshold"?'],
    [
      { tiers: [{ model: "x", provider: "b" }, "y"] },
      'of tier "x" must be one of simulated, found "b"',
    ],
    [{ provider: { a: SIMULATED, b: SIMULATED } }, 'of tier "x" must be one of a, b, found none'],
    [{ provider: {} }, "provider must name at least one provider, found none"],
    [{ provider: "key" }, "provider must be a provider, { apiKey } or several by name"],
    [
      { provider: { apiKey: "has blanks" } },
      'apiKey of provider "anthropic" must be a text without',
    ],
    [{ provider: { apiKey: "" } }, "found an empty one; is its environment variable set?"],
    [{ provider: { apiKey: undefined } }, "found nothing"],
    [{ provider: { baseUrl: "http://x" } }, 'apiKey of provider "anthropic" must be'],
    [{ provider: { apiKey: "k", baseUrl: "ftp://x" } }, "must begin with http:// or https://"],
    [{ threshold: -0.1 }, "threshold must be in 0–1, found -0.1"],
    [{ threshold: Number.NaN }, "threshold must be in 0–1, found NaN"],
    [{ protocol: "preface" }, 'protocol must be "envelope" or { field: name }, found "preface"'],
    [{ protocol: { field: "" } }, "found a value of type object"],
    [{ sampling: { shadow: 0.01 } }, "sampling.shadow must be 0 without a ledger"],
    [{ sampling: { control: 2 } }, "sampling.control must be in 0–1, found 2"],
    [{ sampling: { shadows: 0 } }, 'did you mean "shadow"?'],
    [{ mode: "canary" }, 'mode must be off, shadow, live or { canary: 0–1 }, found "canary"'],
    [{ triageTimeoutMs: 0 }, "triageTimeoutMs must be a whole number of milliseconds"],
    [{ allowTools: "yes" }, 'allowTools must be true or false, found "yes"'],
    [{ name: "No Name" }, 'name must be 1 to 48 of a–z, 0–9 and "-", found "No Name"'],
    [{ ledger: {} }, "ledger must be an open ledger or null"],
    [{ apiKey: "secret-1" }, "every option must be one of tiers"],
  ];

  test.each([
    [undefined, "nothing"],
    ["x", '"x"'],
    [["x", "y"], "a list"],
  ] as const)("are an object, which %j is not", (options, found) => {
    const settleAnything: (options: never) => unknown = settleOptions;
    expect(() => settleAnything(options as never)).toThrow(
      `Cannot create cascade: options must be an object with tiers and a provider, found ${found}`,
    );
  });

  test.each(WRONG)("are refused: %j", (changes, sentence) => {
    let caught: unknown;
    try {
      settle(changes);
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(LeadsmanError);
    expect(caught).toMatchObject({
      code: "invalid_cascade",
      message: expect.stringMatching(/^Cannot create cascade: /),
    });
    expect(String(caught)).toContain(sentence);
    expect(String(caught)).not.toMatch(/secret|has blanks/);
  });
});
