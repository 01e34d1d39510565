import { describe, expect, test } from "vitest";
import { formatProblems } from "./config-problem.ts";
import { loadText } from "./sample-config.fixture.ts";

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const ROUTE = "routes: [{ name: support, tiers: [claude-haiku-4-5] }]\n";

function load(alerts: string): ReturnType<typeof loadText> {
  return loadText(`${ROUTE}alerts: ${alerts}\n`);
}

function problemsOf(channel: string): string {
  const result = load(`{ channels: [${channel}] }`);
  return result.ok ? "" : formatProblems(result.problem);
}

describe("channels", () => {
  test("the gateway itself writes a line where none is named", () => {
    const result = loadText(null);
    if (!result.ok) throw new Error(formatProblems(result.problem));
    const filter = { rules: null, routes: null, minSeverity: "notice" };
    expect(result.value.config.alerts).toEqual({
      link: null,
      allowPrivate: false,
      channels: [{ name: "log", kind: "stdout", ...filter }],
    });
  });

  test.each([
    [
      "{ name: a, kind: slack }",
      "alerts.channels[0].url is missing: wanted one, as the kind slack needs it.",
    ],
    [
      "{ name: a, kind: pagerduty }",
      "alerts.channels[0].routingKey is missing: wanted one, as the kind pagerduty needs it.",
    ],
    [
      `{ name: a, kind: stdout, secret: ${SECRET} }`,
      "alerts.channels[0].secret is not for the kind stdout; leave it out.",
    ],
    [
      '{ name: a, kind: webhook, url: "https://a.example", secret: whsec_c2hvcnQ= }',
      "alerts.channels[0].secret must be whsec_ and the base64 of 24 to 64 random bytes, but is a",
    ],
    [
      '{ name: a, kind: slack, url: "http://a.example/token-1" }',
      "alerts.channels[0].url is plain http: wanted https, or alerts.allowPrivate.",
    ],
    [
      '{ name: a, kind: slack, url: "ftp://a.example/token-1" }',
      "alerts.channels[0].url must be an http(s) address without user name and fragment, but is a",
    ],
    [
      "{ name: a, kind: stdout, routes: [suport] }",
      'alerts.channels[0].routes[0] is "suport": wanted support. Did you mean "support"?',
    ],
    ["{ name: a, kind: stdout, rules: [costs] }", 'but is "costs". Did you mean "cost"?'],
    [
      "{ name: a, kind: stdout }, { name: a, kind: stdout }",
      'alerts.channels[1].name is "a", as an earlier channel\'s already is.',
    ],
  ])("are refused with what was wanted: %s", (channel, sentence) => {
    const said = problemsOf(channel);
    expect(said).toContain(sentence);
    expect(said).not.toContain("token-1");
  });

  test("plain http is for whoever allows private addresses", () => {
    const channel = '{ name: a, kind: slack, url: "http://127.0.0.1:9/x" }';
    expect(load(`{ allowPrivate: true, channels: [${channel}] }`).ok).toBe(true);
  });

  test("are spoken of where they may surprise", () => {
    const notesOf = (alerts: string): string => {
      const result = load(alerts);
      return result.ok ? result.value.notes.join("\n") : "";
    };
    expect(notesOf("{ channels: [] }")).toContain("There are no channels");
    expect(
      notesOf('{ channels: [{ name: a, kind: webhook, url: "https://a.example" }] }'),
    ).toContain("Channel a has no secret, so its receiver");
  });
});
