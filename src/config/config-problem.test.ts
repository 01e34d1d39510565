import { describe, expect, test } from "vitest";
import { formatProblems } from "./config-problem.ts";
import { loadText } from "./sample-config.fixture.ts";

/** What is said about a file, line by line; places without the file's name. */
function saidAbout(text: string, env: Record<string, string> = {}): readonly string[] {
  const result = loadText(text, { env });
  return result.ok
    ? []
    : formatProblems(result.problem).replaceAll("leadsman.yaml:", "").split("\n");
}

const route = (settings: string): string =>
  `routes:\n  - name: a\n    tiers: [x, y]\n    ${settings}\n`;
const tiers = (list: string): string => `routes:\n  - name: a\n    tiers: ${list}\n`;
const SHARE = "a share such as 5% or 0.05, from 0% to 100%";
const NAME = "1 to 64 of a-z, 0-9, _ and -, beginning with a letter or digit";
const TIER = "the name of a model or { model, provider, threshold }";

describe("a broken file is explained with its place", () => {
  test.each<[string, string, readonly string[]]>([
    [
      "misspelt setting",
      route("treshold: 0.8"),
      ['4:5  routes[0].treshold is not a setting. Did you mean "threshold"?'],
    ],
    ["strange setting", "colour: red", ["1:1  colour is not a setting."]],
    [
      "misspelt setting inside braces",
      tiers("[{ modle: x, model: y }]"),
      ['3:15  routes[0].tiers[0].modle is not a setting. Did you mean "model"?'],
    ],
    [
      "setting of a provider",
      "providers:\n  mine:\n    base_url: http://x",
      ['3:5  providers.mine.base_url is not a setting. Did you mean "baseUrl"?'],
    ],
    [
      "misspelt word",
      route("mode: lve"),
      [
        "4:11  routes[0].mode must be one of off, shadow, live, or { canary: 5% }, " +
          'but is "lve". Did you mean "live"?',
      ],
    ],
    [
      "threshold as a percentage",
      route("threshold: 80"),
      ["4:16  routes[0].threshold must be a number from 0 to 1 or the word never, but is 80."],
    ],
    [
      "share that is none",
      route("sampling: { grade: 5 }"),
      [`4:24  routes[0].sampling.grade must be ${SHARE}, but is 5.`],
    ],
    [
      "share over the whole",
      route("mode: { canary: 101% }"),
      [`4:21  routes[0].mode.canary must be ${SHARE}, but is "101%".`],
    ],
    [
      "share that is none, of a storm",
      route("storm: { rate: 35 }"),
      [`4:20  routes[0].storm.rate must be ${SHARE}, but is 35.`],
    ],
    [
      "nameless route",
      "routes:\n  - tiers: [x]",
      [`2:5  routes[0].name is missing: wanted ${NAME}.`],
    ],
    [
      "route without tiers",
      "routes:\n  - name: a",
      ["2:5  routes[0].tiers is missing: wanted a list of 1 to 8 models, cheapest first."],
    ],
    [
      "empty tiers",
      tiers("[]"),
      [
        "3:12  routes[0].tiers must be a list of 1 to 8 models, cheapest first, but is a list of 0.",
      ],
    ],
    ["tier that is none", tiers("[x, 4]"), [`3:16  routes[0].tiers[1] must be ${TIER}, but is 4.`]],
    [
      "name with capitals",
      "routes: [{ name: Support, tiers: [x] }]",
      [`1:18  routes[0].name must be ${NAME}, but is "Support".`],
    ],
    [
      "provider name with capitals",
      "providers:\n  Mine: {}",
      [`2:9  providers.Mine has a name that is not allowed: wanted ${NAME}.`],
    ],
    [
      "same name twice",
      "routes:\n  - { name: a, tiers: [x] }\n  - { name: a, tiers: [y] }",
      [`3:13  routes[1].name is "a", as an earlier route's already is.`],
    ],
    [
      "last tier with a threshold",
      tiers("[x, { model: y, threshold: 0.5 }]"),
      [
        "3:39  routes[0].tiers[1].threshold must not be set: the last tier answers whatever " +
          "reaches it.",
      ],
    ],
    [
      "requested model in front",
      tiers("[requested, x]"),
      ["3:13  routes[0].tiers[0] is `requested`, which only the last tier may be."],
    ],
    [
      "provider that is not there",
      tiers("[{ model: x, provider: antropic }, y]"),
      [
        '3:35  routes[0].tiers[0].provider is "antropic": wanted one of the providers anthropic. ' +
          'Did you mean "anthropic"?',
      ],
    ],
    [
      "open door",
      "server:\n  host: 0.0.0.0",
      [
        '2:9  server.host is "0.0.0.0", which others can reach: wanted a server.token (or ' +
          "LEADSMAN_TOKEN), found none.",
      ],
    ],
    [
      "port out of range",
      "server: { port: 65536 }",
      ["1:17  server.port must be a whole number from 0 to 65535, but is 65536."],
    ],
    [
      "empty section",
      "server:\nledger:\n",
      [
        "1:8  server must be a group of settings, but is empty.",
        "2:8  ledger must be a group of settings, but is empty.",
      ],
    ],
    ["list for a file", "- a", ["1:1  The file must be a group of settings, but is a list of 1."]],
    ["version of the future", "version: 2", ["1:10  version must be 1, but is 2."]],
    [
      "bytes of another kind",
      "server: { maxBodyBytes: 32 MB }",
      [
        "1:25  server.maxBodyBytes must be a number of bytes such as 1048576 or 1 MiB, from 1024 " +
          'to 1073741824, but is "32 MB".',
      ],
    ],
    [
      "address that ends in /v1",
      'providers: { anthropic: { baseUrl: "https://x.example/v1" } }',
      [
        "1:36  providers.anthropic.baseUrl must be an http(s) address without user name, query " +
          'and /v1, such as https://api.anthropic.com, but is "https://x.example/v1".',
      ],
    ],
    [
      "two credentials",
      "providers: { anthropic: { auth: passthrough, apiKey: k } }",
      ["1:33  providers.anthropic.auth is set beside apiKey; keep one of the two."],
    ],
    [
      "key for a simulation",
      "providers: { sim: { kind: simulated, apiKey: k } }",
      ["1:46  providers.sim.apiKey is not for the kind simulated; leave it out."],
    ],
    [
      "ledger of another kind",
      "ledger: { url: mysql:x }",
      ['1:16  ledger.url must be sqlite:<path> or postgres://…, but is "mysql:x".'],
    ],
    [
      "price below nothing",
      "prices: [{ model: a, inputUsdPerMTok: -1, outputUsdPerMTok: 1 }]",
      [
        "1:39  prices[0].inputUsdPerMTok must be US dollars per million tokens, such as 2.5, " +
          "with at most 12 decimals, but is -1.",
      ],
    ],
  ])("%s", (_case, text, said) => {
    expect(saidAbout(text)).toEqual(said);
  });

  test("in the order of the file, all at once", () => {
    expect(saidAbout("versoin: 1\nserver: { port: x }\nroutes: 3\n")).toEqual([
      '1:1  versoin is not a setting. Did you mean "version"?',
      '2:17  server.port must be a whole number from 0 to 65535, but is "x".',
      "3:9  routes must be a list of at most 1000 routes, but is 3.",
    ]);
  });

  test("on the command line, where the flag is the place", () => {
    const result = loadText("version: 1", { overrides: { port: 70_000 } });
    expect(result.ok ? "" : formatProblems(result.problem)).toBe(
      "--port  server.port must be a whole number from 0 to 65535, but is 70000.",
    );
  });
});

describe("variables", () => {
  test.each<[string, string, Record<string, string>, readonly string[]]>([
    [
      "unset",
      'server: { token: "${TOKEN}" }',
      {},
      ["1:18  server.token needs the environment variable TOKEN, which is not set."],
    ],
    [
      "unset, once, though the door stays open for want of it",
      'server: { host: 0.0.0.0, token: "${TOKEN}" }',
      {},
      ["1:33  server.token needs the environment variable TOKEN, which is not set."],
    ],
    [
      "unset where a number is wanted",
      "server:\n  port: ${PORT}",
      {},
      ["2:9  server.port needs the environment variable PORT, which is not set."],
    ],
    [
      "malformed",
      'server: { token: "${1}" }',
      {},
      [
        '1:18  server.token has a "${" that begins no variable: wanted ${NAME} or ' +
          "${NAME:-default}; a plain ${ is written $${.",
      ],
    ],
    [
      "of a wrong value, which is not repeated",
      "server:\n  port: ${PORT}",
      { PORT: "secret" },
      ["2:9  server.port must be a whole number from 0 to 65535, but is a text of 6 characters."],
    ],
    ["set to a number", "server:\n  port: ${PORT}", { PORT: "0" }, []],
    ["with a default", "routes: [{ name: a, tiers: ['${A:-x}'] }]", {}, []],
  ])("%s", (_case, text, env, said) => {
    expect(saidAbout(text, env)).toEqual(said);
  });
});

describe("secrets", () => {
  test.each([
    "server: { token: 'hunter2 secret' }",
    "providers: { anthropic: { apiKey: 'hunter2 secret' } }",
    "providers: { anthropic: { auth: sk-ant-hunter2 } }",
    'providers: { anthropic: { baseUrl: "https://me:hunter2@x.example" } }',
    "ledger: { url: 'mysql://me:hunter2@x.example' }",
    "server: { token: { a: hunter2 } }",
    "server: { host: ['hunter2'] }",
  ])("are not repeated: %s", (text) => {
    const said = saidAbout(text);
    expect(said).toHaveLength(1);
    expect(said[0]).not.toContain("hunter2");
  });
});
