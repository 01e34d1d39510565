import { Webhook } from "standardwebhooks";
import { expect, test } from "vitest";
import { systemClock } from "../../support/clock.ts";
import { TEST_SECRET } from "./alert.fixture.ts";
import { signWebhook } from "./sign-webhook.ts";

test("signs as the published example of Standard Webhooks", () => {
  const headers = signWebhook(
    "msg_p5jXN8AQM9LWM0D4loKWxJek",
    '{"test": 2432232314}',
    "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    1_614_265_330_999,
  );
  expect(headers).toEqual({
    "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
    "webhook-timestamp": "1614265330",
    "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
  });
});

test("the library of Standard Webhooks takes a signature, and no other body, id or time with it", () => {
  const body = JSON.stringify({ text: "Zürich ≥ 0.8" });
  const nowMs = systemClock.nowMs();
  const headers = { ...signWebhook("notify:alr_1:opened:hook", body, TEST_SECRET, nowMs) };
  const webhook = new Webhook(TEST_SECRET);
  expect(webhook.verify(body, headers)).toEqual({ text: "Zürich ≥ 0.8" });
  expect(() => webhook.verify(`${body} `, headers)).toThrow("No matching signature");
  for (const changed of [
    { "webhook-id": "notify:alr_2:opened:hook" },
    { "webhook-timestamp": String(Math.floor(nowMs / 1_000) - 1) },
  ]) {
    expect(() => webhook.verify(body, { ...headers, ...changed })).toThrow("No matching signature");
  }
});

test("without a secret there is an id and no signature", () => {
  expect(signWebhook("a", "{}", null, 1_000)).toEqual({
    "webhook-id": "a",
    "webhook-timestamp": "1",
  });
});
