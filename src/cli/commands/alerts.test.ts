import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openGateway } from "../../compose/open-gateway.ts";
import { openLedger } from "../../compose/open-ledger.ts";
import { startReceiver, type Receiver } from "../../compose/receiver.fixture.ts";
import { loadConfig, readConfigFile } from "../../config/load-config.ts";
import { systemClock } from "../../support/clock.ts";
import { createFakeFolder, type FakeFolder, type FakeRun } from "../fake-run.fixture.ts";

const tiers = ["claude-haiku-4-5", "claude-opus-4-7"];

let receiver: Receiver;
let folder: FakeFolder;
beforeEach(async () => {
  receiver = await startReceiver();
  folder = createFakeFolder({
    server: { port: 0 },
    routes: [
      { name: "support", tiers },
      { name: "search", tiers },
    ],
    alerts: {
      allowPrivate: true,
      channels: [
        { name: "hook", kind: "webhook", url: `${receiver.url}/hook` },
        { name: "pager", kind: "pagerduty", routingKey: "key-1", url: `${receiver.url}/pager` },
        { name: "quiet", kind: "slack", url: `${receiver.url}/quiet`, rules: ["cost"] },
        { name: "log", kind: "stdout", routes: ["support"] },
      ],
    },
  });
});
afterEach(async () => {
  folder.remove();
  await receiver.close();
});

function linesOf({ out }: FakeRun): readonly unknown[] {
  return out
    .trim()
    .split("\n")
    .filter((line) => line !== "")
    .map((line): unknown => JSON.parse(line));
}

function pathsOf(): readonly string[] {
  return receiver.posts.map(({ path }) => path);
}

describe("alerts test", () => {
  test("sends every channel an exercise and its end, and says how each took it", async () => {
    const run = await folder.run(["alerts", "test"]);
    expect(run.exitCode).toBe(0);
    expect(run.out.replaceAll(/ in \d+ ms/g, "").split("\n")).toEqual([
      "✓ hook (webhook), opened: delivered, status 200",
      "✓ hook (webhook), resolved: delivered, status 200",
      "✓ pager (pagerduty), opened: delivered, status 200",
      "✓ pager (pagerduty), resolved: delivered, status 200",
      "✓ quiet (slack), opened: delivered, status 200",
      "✓ quiet (slack), resolved: delivered, status 200",
      "✓ log (stdout), opened: delivered",
      "✓ log (stdout), resolved: delivered",
      "",
    ]);
    expect(run.notes).toContain("ALERT EXERCISE: Escalation storm (support, exercise)");
    for (const { body, path } of receiver.posts) {
      if (path !== "/pager") expect(body).toMatch(/This is an exercise, nothing is wrong/);
    }
  });

  test("fails where one does not take it, tells why, and tries the others", async () => {
    receiver.answerWith("/hook", 404);
    const run = await folder.run(["alerts", "test"]);
    expect(run.exitCode).toBe(1);
    expect(run.out).toContain(
      "✗ hook (webhook), opened: status_404\n  Nobody is at that address: was the webhook deleted?\n" +
        "✓ pager",
    );
    const json = await folder.run(["alerts", "test", "hook", "--json"]);
    expect(linesOf(json)).toMatchObject([
      { channel: "hook", event: "opened", outcome: { kind: "failed", reason: "status_404" } },
    ]);
  });

  test("of a name that is none is a mistake", async () => {
    const run = await folder.run(["alerts", "test", "hok"]);
    expect(run.exitCode).toBe(2);
    expect(run.notes).toContain('There is no channel "hok". Did you mean "hook"?');
  });

  test("refuses an address of this machine unless the configuration allows it", async () => {
    const own = createFakeFolder({
      alerts: { channels: [{ name: "in", kind: "webhook", url: "https://127.0.0.1:9/x" }] },
    });
    const run = await own.run(["alerts", "test"]);
    own.remove();
    expect(run.exitCode).toBe(1);
    expect(run.out).toContain("address_refused: 127.0.0.1 is not public");
    expect(run.out).toContain("set alerts.allowPrivate to true");
  });
});

describe("alerts simulate", () => {
  test("goes through the outbox and the filters, and delivers where no gateway runs", async () => {
    const run = await folder.run(["alerts", "simulate", "drift", "--route", "search"]);
    expect(run.exitCode).toBe(0);
    expect(run.out).toBe(
      "✓ hook, opened: delivered\n✓ pager, opened: delivered\n" +
        "✓ hook, resolved: delivered\n✓ pager, resolved: delivered\n",
    );
    expect(run.notes).toContain("No gateway was at work, so this command has told of alr_");
    const events = receiver.posts.map(({ path, body }) => `${path} ${/resolve/.test(body)}`);
    expect(events.filter((event) => event.startsWith("/pager"))).toEqual([
      "/pager false",
      "/pager true",
    ]);
    const [alert] = linesOf(await folder.run(["alerts", "list", "--json"]));
    expect(alert).toMatchObject({
      ...{ rule: "confidence_drift", route: "search", isExercise: true },
      resolvedAtMs: expect.any(Number),
      deliveries: [
        { channel: "hook", event: "opened", state: "done" },
        { channel: "hook", event: "resolved", state: "done" },
        { channel: "pager", event: "opened", state: "done" },
        { channel: "pager", event: "resolved", state: "done" },
      ],
    });
  });

  test("leaves it to a running gateway, which tells each channel once", async () => {
    const loaded = loadConfig({
      path: join(folder.path, "leadsman.yaml"),
      env: {},
      readFile: readConfigFile,
    });
    if (!loaded.ok) throw new Error("the file is broken");
    const lines: string[] = [];
    const open = await openGateway(loaded.value.config, {
      jobPollMs: 20,
      writeAlert: ({ line }) => lines.push(line),
    });
    const run = await folder.run(["alerts", "simulate", "storm", "--json"]);
    await open.shutDown(AbortSignal.abort());
    expect(JSON.parse(run.out)).toMatchObject({ isByGateway: true });
    expect(run.exitCode).toBe(0);
    expect(pathsOf().toSorted()).toEqual(["/hook", "/hook", "/pager", "/pager"]);
    expect(lines.map((line) => line.slice(0, 38))).toEqual([
      "ALERT EXERCISE: Escalation storm (supp",
      "ALERT EXERCISE: Resolved: Escalation s",
    ]);
  });

  test("keeps what a receiver does not take for later, and says so", async () => {
    receiver.answerWith("/hook", 503);
    const run = await folder.run(["alerts", "simulate", "storm"]);
    expect(run.exitCode).toBe(1);
    expect(run.out).toContain(
      "… hook, opened: not yet (status_503), and tried again while a gateway runs",
    );
    expect(run.out).toContain("… hook, resolved: not yet (opening_first)");
    expect(run.out).toContain("✓ pager, resolved: delivered");
    const list = await folder.run(["alerts", "list", "--open"]);
    expect(list.notes).toBe("No alert is open.\n");
    expect((await folder.run(["alerts", "list"])).out).toMatch(
      /told: hook not yet: status_503 after 1 tries, hook of its end not yet: opening_first/,
    );
  });
});

describe("alerts list and ack", () => {
  test("say that there is no ledger, no alert, no such route", async () => {
    expect((await folder.run(["alerts", "list"])).exitCode).toBe(1);
    await folder.run(["mode", "support", "off", "--reason", "so that there is a ledger"]);
    expect((await folder.run(["alerts", "list"])).notes).toBe("There is no alert.\n");
    const wrong = await folder.run(["alerts", "list", "--route", "suport"]);
    expect(wrong).toMatchObject({ exitCode: 2, notes: expect.stringContaining('"support"') });
    const unknown = await folder.run(["alerts", "ack", "alr_none"]);
    expect(unknown).toMatchObject({
      ...{ exitCode: 2, notes: expect.stringContaining('There is no alert "alr_none"') },
    });
  });

  test("tell who looks at an alert; who was first stays", async () => {
    const url = `sqlite:${join(folder.path, "ledger.db")}`;
    const ledger = await openLedger({ url, spillBytes: 1_000_000 }, systemClock);
    const alert = {
      ...{ id: "alr_1", route: "support", subject: "task:\u001B[2Jrefund", facts: {} },
      ...{ summary: "A request costs $0.02.", action: "Told you." },
      ...{ revert: "leadsman mode support off", openedAtMs: Date.UTC(2026, 10, 30, 9, 30) },
      ...{ resolvedAtMs: null, acknowledgedAtMs: null, acknowledgedBy: null, isExercise: false },
      rule: "cost",
      severity: "notice",
    } as const;
    await ledger.append([{ kind: "alert", alert }]);
    await ledger.close();
    expect((await folder.run(["alerts", "list", "--open"])).out.split("\n")).toEqual([
      "open  cost support, task: [2Jrefund  alr_1",
      "  A request costs $0.02.",
      "  since 2026-11-30 09:30 UTC",
      "  done: Told you.",
      "  to take it back: leadsman mode support off",
      "",
    ]);
    const first = await folder.run(["alerts", "ack", "alr_1", "--by", "ada"]);
    expect(first.out).toMatch(/^alr_1: looked at by ada since 20/);
    const second = await folder.run(["alerts", "ack", "alr_1", "--by", "bob", "--json"]);
    expect(JSON.parse(second.out)).toMatchObject({ acknowledgedBy: "ada" });
    expect((await folder.run(["alerts", "list"])).out).toContain("looked at by ada since");
  });
});
