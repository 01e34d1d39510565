import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { renderInitialConfig } from "./init-config.ts";
import { loadText } from "./sample-config.fixture.ts";

describe("the file to start from", () => {
  test("says nothing but defaults, save for a route", () => {
    const result = loadText(renderInitialConfig());
    const defaults = loadText(null);
    if (!result.ok || !defaults.ok) throw new Error(JSON.stringify(result));
    const [route] = result.value.config.routes;
    expect(route).toMatchObject({ name: "default", matchModel: "claude-opus-4-7", mode: "shadow" });
    expect(route?.tiers.map(({ model }) => model)).toEqual(["claude-haiku-4-5", "claude-opus-4-7"]);
    const { routes: _routes, ...rest } = result.value.config;
    const { routes: _defaultRoutes, ...restOfDefaults } = defaults.value.config;
    expect(rest).toEqual(restOfDefaults);
  });

  test("tells editors where the schema is", () => {
    expect(renderInitialConfig().split("\n")[0]).toBe(
      "# yaml-language-server: $schema=./node_modules/leadsman/schema/leadsman.schema.json",
    );
  });

  test("takes the key from the environment, never the key itself", () => {
    const text = renderInitialConfig({ apiKeyEnv: "MY_KEY", deep: "requested" });
    expect(text).toContain('apiKey: "${MY_KEY}"');
    const result = loadText(text, { env: { MY_KEY: "sk-1" } });
    const provider = result.ok ? result.value.config.providers["anthropic"] : undefined;
    expect(provider).toMatchObject({ auth: { kind: "api_key", apiKey: "sk-1" } });
    expect(result.ok && result.value.config.routes[0]?.matchModel).toBe("claude-*");
  });

  test("keeps any name and any mode as they are", () => {
    const name = fc.stringMatching(/^[a-z0-9][a-z0-9_-]{0,20}$/);
    const model = fc
      .string({ minLength: 1, maxLength: 30 })
      .filter((text) => /^\S(.*\S)?$/.test(text));
    const mode = fc.oneof(
      fc.constantFrom("off" as const, "shadow" as const, "live" as const),
      fc.integer({ min: 0, max: 100 }).map((percent) => ({ canary: percent / 100 })),
    );
    fc.assert(
      fc.property(name, model, mode, (routeName, cheap, chosen) => {
        fc.pre(cheap !== "requested");
        const text = renderInitialConfig({ routeName, cheap, mode: chosen });
        const result = loadText(text);
        if (!result.ok) throw new Error(JSON.stringify([result.problem, parse(text)]));
        expect(result.value.config.routes[0]).toMatchObject({ name: routeName, mode: chosen });
        expect(result.value.config.routes[0]?.tiers[0]?.model).toBe(cheap);
      }),
    );
  });
});
