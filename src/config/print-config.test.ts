import { describe, expect, test } from "vitest";
import { printConfig } from "./print-config.ts";
import { FULL_CONFIG, FULL_ENVIRONMENT, loadText } from "./sample-config.fixture.ts";

function printed(text: string | null, env: Record<string, string> = {}): readonly string[] {
  const result = loadText(text, { env });
  if (!result.ok) throw new Error(JSON.stringify(result.problem));
  return printConfig(result.value).split("\n");
}

describe("the printed configuration", () => {
  test("has every value with its source, in columns", () => {
    const lines = printed(
      "server: { port: 9 }\nroutes: [{ name: a, tiers: [claude-haiku-4-5] }]\n",
    );
    expect(lines.slice(0, 5).map((line) => line.replaceAll(/ {2,}/g, " | "))).toEqual([
      "version | 1 | default",
      "server.host | 127.0.0.1 | default",
      "server.port | 9 | leadsman.yaml:1",
      "server.token | none | default",
      "server.allowedHosts | [] | default",
    ]);
    const starts = lines.slice(0, 5).map((line) => line.search(/(default|leadsman\.yaml:1)$/));
    expect(new Set(starts).size).toBe(1);
  });

  test("shows that there is a secret and where from, never what", () => {
    const lines = printed(FULL_CONFIG, FULL_ENVIRONMENT);
    const find = (path: string): string | undefined =>
      lines.find((line) => line.startsWith(path))?.replaceAll(/ {2,}/g, " | ");
    expect(find("providers.eu.apiKey")).toBe(
      "providers.eu.apiKey | •••• | env KEY (leadsman.yaml:15)",
    );
    expect(find("server.token")).toBe("server.token | •••• | env TOKEN (leadsman.yaml:5)");
    expect(find("ledger.url")).toContain("postgres://leadsman:••••@db.internal/leadsman");
    expect(find("alerts.channels[0].secret")).toContain("| •••• | env HOOK_SECRET");
    expect(find("alerts.channels[0].url")).toContain("| https://hooks.example/•••• |");
    expect(find("alerts.channels[3].routingKey")).toContain("| •••• | env PAGER_KEY");
    const secrets = ["open-sesame", "sk-ant", "abcd", "pass-word", "whsec", "-token", "pager-key"];
    for (const secret of secrets) {
      expect(lines.join("\n")).not.toContain(secret);
    }
  });

  test("masks a password of any spelling in the ledger's address", () => {
    for (const password of ["a@b", "a/b", "a:b", "%40"]) {
      const text = `ledger: { url: "postgres://me:${password}@db/x" }`;
      const line = printed(text).find((candidate) => candidate.startsWith("ledger.url"));
      expect(line).toContain("postgres://me:••••@db/x");
    }
    const asked = printed('ledger: { url: "postgres://db/x?password=hunter2&ssl=1" }').join();
    expect(asked).toContain("postgres://db/x?password=••••&ssl=1");
  });
});
