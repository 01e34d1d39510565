import { describe, expect, test } from "vitest";
import { NEVER_SHIP } from "../cascade/route.ts";
import { loadConfig, readConfigFile, type LoadedConfig } from "./load-config.ts";
import { FULL_CONFIG, FULL_ENVIRONMENT, loadText, SAMPLE_CONFIG } from "./sample-config.fixture.ts";

function loaded(...args: Parameters<typeof loadText>): LoadedConfig {
  const result = loadText(...args);
  if (!result.ok) throw new Error(JSON.stringify(result.problem));
  return result.value;
}

function sourcesOf({ provenance }: LoadedConfig): Record<string, string> {
  return Object.fromEntries(provenance.map(({ path, from }) => [path, from]));
}

describe("without a file", () => {
  test("every Claude model runs in shadow beside the cheap one", () => {
    const { config, file } = loaded(null);
    expect(file).toBeNull();
    expect(config.routes).toEqual([
      {
        name: "default",
        matchModel: "claude-*",
        tiers: [
          { model: "claude-haiku-4-5", provider: "anthropic", threshold: 0.8 },
          { model: "requested", provider: "anthropic", threshold: null },
        ],
        mode: "shadow",
        protocol: { kind: "envelope" },
        sampling: {
          ...{ triage: 1, shadow: 0.01, grade: 0.01, control: 0.01, band: 0.05 },
          gradePerDay: 30,
        },
        limits: { triageTimeoutMs: 10_000, backgroundUsdPerDay: 50 },
        allowTools: false,
        requireCertificate: false,
        bodies: "graded",
        guarantee: null,
        storm: { rate: 0.35, policy: "alert" },
        watch: {
          ...{ raise: "auto", lower: "alert" },
          objective: { usdPerRequest: null, p95LatencyMs: null },
        },
        compare: { kind: "text" },
        judge: null,
      },
    ]);
    expect(config.providers).toEqual({
      anthropic: {
        kind: "anthropic",
        baseUrl: "https://api.anthropic.com",
        auth: { kind: "passthrough" },
        timeouts: {
          connectMs: 5000,
          firstByteMs: 600_000,
          idleMs: 600_000,
          totalMs: 1_800_000,
        },
      },
    });
  });

  test("every value is a default", () => {
    expect(new Set(Object.values(sourcesOf(loaded(null))))).toEqual(new Set(["default"]));
  });

  test("an empty file means the same", () => {
    expect(loaded("# nothing yet\n").config).toEqual(loaded(null).config);
  });
});

describe("with a file", () => {
  test("the usual one is taken as it is meant", () => {
    const { config, file } = loaded(SAMPLE_CONFIG);
    expect(file).toBe("leadsman.yaml");
    expect(config.server).toMatchObject({ host: "127.0.0.1", port: 8787, token: null });
    expect(config.ledger.url).toBe("sqlite:.leadsman/ledger.db");
    expect(config.routes[0]).toMatchObject({
      name: "support",
      matchModel: "claude-opus-*",
      mode: "live",
      guarantee: { target: "joint", atMost: 0.05, confidence: 0.95 },
      storm: { rate: 0.35, policy: "alert" },
    });
  });

  test("every way of writing a setting is understood", () => {
    const { config } = loaded(FULL_CONFIG, { env: FULL_ENVIRONMENT });
    expect(config.server).toEqual({
      host: "0.0.0.0",
      port: 9000,
      token: "open-sesame",
      allowedHosts: ["gateway.internal", "other.internal"],
      earlyOpenMs: 1000,
      maxConcurrent: 10,
      maxInFlightBytes: 67_108_864,
      maxBodyBytes: 1_048_576,
      drainMs: 0,
      headersTimeoutMs: 2000,
      requestTimeoutMs: 3000,
    });
    expect(config.providers["eu"]).toEqual({
      kind: "anthropic",
      baseUrl: "https://eu.example/api",
      auth: { kind: "api_key", apiKey: "sk-ant-secret-abcd" },
      timeouts: { connectMs: 1, firstByteMs: 2, idleMs: 3, totalMs: 4 },
    });
    expect(Object.keys(config.providers)).toEqual(["anthropic", "eu", "trial"]);
    expect(config.routes[0]).toMatchObject({
      tiers: [
        { model: "claude-haiku-4-5", provider: "anthropic", threshold: NEVER_SHIP },
        { model: "claude-sonnet-4-6", provider: "eu", threshold: 0.9 },
        { model: "requested", provider: "anthropic", threshold: null },
      ],
      mode: { canary: 0.025 },
      protocol: { kind: "field", field: "certainty" },
      sampling: { triage: 0.5, shadow: 0.25, grade: 0, control: 0, band: 1 },
      limits: { triageTimeoutMs: 500, backgroundUsdPerDay: null },
      guarantee: { target: "selective", atMost: 0.011, confidence: 0.9 },
    });
    expect(config.prices[0]?.outputUsdPerMTok).toBe("2.5");
  });

  test("each value says where it came from, short forms included", () => {
    const sources = sourcesOf(
      loaded(FULL_CONFIG, { env: FULL_ENVIRONMENT, overrides: { host: "::1", mode: "off" } }),
    );
    expect(sources).toMatchObject({
      "server.host": "--host",
      "server.port": "env PORT (leadsman.yaml:4)",
      "server.allowedHosts[0]": "leadsman.yaml:6",
      "server.allowedHosts[1]": "leadsman.yaml:6",
      "providers.anthropic.baseUrl": "default",
      "providers.eu.apiKey": "env KEY (leadsman.yaml:15)",
      "routes[0].tiers[0].model": "leadsman.yaml:20",
      "routes[0].tiers[0].provider": "default",
      "routes[0].tiers[0].threshold": "leadsman.yaml:21",
      "routes[0].tiers[1].threshold": "leadsman.yaml:20",
      "routes[0].mode": "--mode",
      "routes[0].protocol.field": "leadsman.yaml:23",
      "routes[1].sampling.band": "default",
    });
  });

  test("the value cannot be changed, however deep", () => {
    const { config } = loaded(FULL_CONFIG, { env: FULL_ENVIRONMENT });
    const isFrozen = (value: unknown): boolean =>
      typeof value !== "object" ||
      value === null ||
      (Object.isFrozen(value) && Object.values(value).every(isFrozen));
    expect(isFrozen(config)).toBe(true);
  });

  test("anchors and aliases may be used", () => {
    const { config } = loaded(
      "routes:\n  - { name: a, tiers: &pair [x, y] }\n  - { name: b, tiers: *pair }\n",
    );
    expect(config.routes[1]?.tiers).toEqual(config.routes[0]?.tiers);
  });
});

describe("from outside the file", () => {
  test("the command line wins over the file", () => {
    const { config } = loaded("server: { port: 1, host: localhost }", {
      overrides: { port: 0, host: "127.0.0.2", mode: { canary: 0.1 } },
    });
    expect(config.server).toMatchObject({ port: 0, host: "127.0.0.2" });
    expect(config.routes[0]?.mode).toEqual({ canary: 0.1 });
  });

  test("LEADSMAN_TOKEN stands in for a token that the file does not have", () => {
    const env = { LEADSMAN_TOKEN: "from-outside" };
    const silent = loaded("server: { host: 0.0.0.0 }", { env });
    expect(silent.config.server.token).toBe("from-outside");
    expect(sourcesOf(silent)["server.token"]).toBe("env LEADSMAN_TOKEN");
    expect(loaded("server: { token: mine }", { env }).config.server.token).toBe("mine");
    expect(loaded("server: { token: null }", { env }).config.server.token).toBeNull();
  });

  test("no other variable of the environment counts by itself", () => {
    const env = {
      ANTHROPIC_API_KEY: "sk-1",
      ANTHROPIC_BASE_URL: "http://127.0.0.1:8787",
      PORT: "1",
    };
    expect(loaded(null, { env }).config).toEqual(loaded(null).config);
  });
});

describe("finding the file", () => {
  test("a named file is read and named in sources", () => {
    const readFile = (path: string): string | null => (path === "a/b.yaml" ? "version: 1" : null);
    const result = loadConfig({ path: "a/b.yaml", env: {}, readFile });
    expect(result.ok && sourcesOf(result.value)["version"]).toBe("a/b.yaml:1");
  });

  const noFile = (): null => null;
  const onlyYml = (path: string): string | null => (path === "leadsman.yml" ? "" : null);
  const forbidden = (): never => {
    throw new Error("permission denied");
  };
  test.each([
    ["a named file that is missing", "x.yaml", noFile, "file_missing", "There is no file x.yaml."],
    [
      "the other spelling of the ending",
      null,
      onlyYml,
      "file_missing",
      "The file is named leadsman.yml; only leadsman.yaml is looked for.",
    ],
    [
      "a file that may not be read",
      null,
      forbidden,
      "file_unreadable",
      "The file cannot be read: permission denied.",
    ],
  ])("%s is a problem", (_case, path, readFile, code, sentence) => {
    const result = loadConfig({ path, env: {}, readFile });
    expect(result).toMatchObject({ ok: false, problem: [{ code, sentence }] });
  });

  test("the file system's answer for a missing file is null, and its errors stay errors", () => {
    expect(readConfigFile("no/such/leadsman.yaml")).toBeNull();
    expect(() => readConfigFile("src")).toThrow("EISDIR");
  });
});

describe("notes", () => {
  test("say what is stored without being acted upon", () => {
    expect(loaded(SAMPLE_CONFIG).notes).toEqual([
      "Provider anthropic passes the client's credential through: durable jobs, judge and replay " +
        "need an apiKey, and background work that a restart interrupts is given up.",
      "Route support: it ships before any threshold was certified, as requireCertificate is false.",
    ]);
  });

  test.each([
    ["routes: []", "There are no routes: every request passes through."],
    [
      "server: { host: 0.0.0.0, token: t }",
      "server.host is 0.0.0.0, but server.allowedHosts names no host: requests that name " +
        "anything but a loopback host are refused with status 421.",
    ],
    [
      "providers: { sim: { kind: simulated } }",
      "Provider sim is simulated: its answers come from no real model.",
    ],
    [
      "routes: [{ name: a, tiers: [gpt-x, claude-opus-4-7] }]",
      "Route a: model gpt-x is not in the price table, so its calls are unpriced unless prices " +
        "has it.",
    ],
    [
      "routes: [{ name: a, tiers: [claude-opus-4-7] }]",
      "Route a: it has one tier, so there is nothing to triage with.",
    ],
    [
      "routes: [{ name: a, tiers: [claude-haiku-4-5, requested] }]",
      "Route a: its last tier is the requested model, so clients cannot call leadsman/a.",
    ],
  ])("%s", (text, note) => {
    expect(loaded(text).notes).toContain(note);
  });

  test("a model with a price of its own is known", () => {
    const text =
      "routes: [{ name: a, tiers: [gpt-x, claude-opus-4-7] }]\n" +
      "prices: [{ model: gpt-x, inputUsdPerMTok: 1, outputUsdPerMTok: 2 }]\n";
    expect(loaded(text).notes.join()).not.toContain("gpt-x");
  });
});
