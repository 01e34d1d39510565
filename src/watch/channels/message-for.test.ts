import { describe, expect, test } from "vitest";
import { isJsonObject } from "../../support/json.ts";
import { alertOf, channelsAt, notificationOf, OPENED_AT_MS } from "./alert.fixture.ts";
import { alertLine } from "./alert-line.ts";
import { messageFor } from "./message-for.ts";
import { ALERT_EVENTS, type Notification } from "./notification.ts";
import { slackMessage } from "./slack-message.ts";

const GATEWAY = "https://leadsman.example";
const channels = channelsAt("https://receiver.example/hook");
const httpChannels = channels.filter((channel) => channel.kind !== "stdout");

function bodyOf(name: string, notification: Notification): string {
  const channel = httpChannels.find((one) => one.name === name);
  if (channel === undefined) return alertLine(notification, GATEWAY);
  return messageFor(channel, notification, GATEWAY, OPENED_AT_MS).body;
}

describe("a message", () => {
  test.each(
    httpChannels.flatMap(({ name, kind }) => ALERT_EVENTS.map((event) => ({ name, kind, event }))),
  )("of $kind when an alert is $event is the golden one", async ({ name, kind, event }) => {
    const body = bodyOf(name, notificationOf(event, name));
    const pretty = `${JSON.stringify(JSON.parse(body), null, 2)}\n`;
    await expect(pretty).toMatchFileSnapshot(`golden/${kind}-${event}.json`);
  });

  test("on standard output is one line", () => {
    expect(ALERT_EVENTS.map((event) => bodyOf("log", notificationOf(event, "log")))).toEqual([
      "ALERT Escalation storm (support, task:refund): 61.0 % of 200 requests escalate, usual are " +
        "18.0 %. Suspect: confidence collapse. · since 2026-11-30 14:05:00 UTC · done: Requests of " +
        "task:refund go to the deep model without triage. · to take it back: leadsman mode support " +
        "live --reason 'the storm is over' · " +
        "https://leadsman.example/_leadsman/api/v1/alerts/alr_01KB9Z",
      "ALERT Resolved: Escalation storm (support, task:refund): 61.0 % of 200 requests escalate, " +
        "usual are 18.0 %. Suspect: confidence collapse. · from 2026-11-30 14:05:00 UTC to " +
        "2026-11-30 14:52:00 UTC (47 min) · " +
        "https://leadsman.example/_leadsman/api/v1/alerts/alr_01KB9Z",
    ]);
  });

  test.each(channels)(
    "of $kind says when it is an exercise, as an incident of its own",
    ({ name }) => {
      const real = notificationOf("opened", name);
      const exercise = notificationOf("opened", name, { isExercise: true });
      const said = bodyOf(name, exercise);
      expect(said).toMatch(/EXERCISE|"isExercise":true/);
      expect(bodyOf(name, real)).not.toMatch(/EXERCISE|"isExercise":true/);
      if (name === "pager") {
        expect(JSON.parse(said)).toMatchObject({
          dedup_key: "leadsman:support:escalation_storm:task:refund:exercise:alr_01KB9Z",
          payload: { severity: "info" },
        });
      }
    },
  );

  test.each(channels)("of $kind holds nothing that is no member of the alert", ({ name }) => {
    const stray = { prompt: "my secret question", answer: "my secret answer" };
    const notification = notificationOf("opened", name);
    const said = bodyOf(name, { ...notification, alert: { ...notification.alert, ...stray } });
    expect(said).toBe(bodyOf(name, notification));
  });

  test("has no place for texts: an alert is words, numbers and these members", () => {
    expect(Object.keys(alertOf()).toSorted()).toEqual(
      [
        ...["id", "rule", "route", "subject", "severity", "summary", "facts", "action", "revert"],
        ...["openedAtMs", "resolvedAtMs", "acknowledgedAtMs", "acknowledgedBy", "isExercise"],
      ].toSorted(),
    );
  });
});

describe("a message to Slack", () => {
  test("calls nobody, whatever a client has named its task", () => {
    const subject = "task:<!channel> & <https://evil.example|click> `x`";
    const notification = notificationOf("opened", "chat", { subject, facts: { suspect: subject } });
    const said = JSON.stringify(slackMessage(notification, null));
    const { blocks } = slackMessage(notification, null);
    expect(said).toContain("&lt;!channel&gt; &amp; &lt;https://evil.example|click&gt;");
    // Headers are plain text, which Slack does not read as markup.
    const marked = Array.isArray(blocks) ? blocks.slice(1) : [];
    expect(JSON.stringify(marked)).not.toMatch(/<[!@#h]/);
  });

  test("keeps to the limits of Block Kit", () => {
    const long = "x&".repeat(4_000);
    const facts = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`fact${i}`, long]));
    const changes = { subject: long, summary: long, action: long, revert: long, facts };
    const { blocks } = slackMessage(notificationOf("opened", "chat", changes), GATEWAY);
    const texts = JSON.stringify(blocks).match(/"text":"(?:[^"\\]|\\.)*"/g) ?? [];
    expect(texts.length).toBeGreaterThan(10);
    expect(Math.max(...texts.map((text) => text.length))).toBeLessThanOrEqual(8_000);
    const list = Array.isArray(blocks) ? blocks : [];
    for (const block of list) {
      const text: unknown = isJsonObject(block) ? block["text"] : null;
      if (!isJsonObject(text) || typeof text["text"] !== "string") continue;
      const limit = text["type"] === "plain_text" ? 150 : 3_000;
      expect(text["text"].length).toBeLessThanOrEqual(limit);
    }
    expect(list.find((block) => isJsonObject(block) && "fields" in block)).toMatchObject({
      fields: { length: 10 },
    });
  });
});

test("an incident's key stays within PagerDuty's limit", () => {
  const changes = { subject: `task:${"x".repeat(400)}` };
  const opened: unknown = JSON.parse(bodyOf("pager", notificationOf("opened", "pager", changes)));
  const resolved: unknown = JSON.parse(
    bodyOf("pager", notificationOf("resolved", "pager", changes)),
  );
  expect(opened).toMatchObject({ dedup_key: expect.stringMatching(/^leadsman:[0-9a-f]{64}$/) });
  expect(isJsonObject(opened) && isJsonObject(resolved)).toBe(true);
  if (isJsonObject(opened) && isJsonObject(resolved)) {
    expect(resolved["dedup_key"]).toBe(opened["dedup_key"]);
  }
});
