import { expect, test } from "vitest";
import { exampleAttempt, exampleRecord } from "../../cascade/examples.fixture.ts";
import { createManualClock } from "../../support/clock.ts";
import { LeadsmanError } from "../../support/leadsman-error.ts";
import { createGatewayLog, type GatewayLog, type GatewayLogOptions } from "./create-gateway-log.ts";

function open(level: GatewayLogOptions["level"]): { log: GatewayLog; lines: () => unknown[] } {
  const lines: string[] = [];
  const log = createGatewayLog({
    level,
    secrets: ["open-sesame"],
    write: (line) => lines.push(line),
    clock: createManualClock(Date.UTC(2026, 10, 30)),
  });
  return { log, lines: () => lines.map((line): unknown => JSON.parse(line)) };
}

test("is a line of JSON for each event, with words and numbers only", () => {
  const { log, lines } = open("info");
  log.event("listening", { url: "http://127.0.0.1:1" });
  log.requestEnded(
    exampleRecord({ attempts: [exampleAttempt({ costNanoUsd: 5_000_000n })], status: 200 }),
  );
  log.requestEnded(
    exampleRecord({ attempts: [exampleAttempt({ costNanoUsd: null })], status: 502 }),
  );
  log.trouble(new LeadsmanError("ledger_failed", "The token open-sesame, and sk-ant-abcdefgh"));
  const time = "2026-11-30T00:00:00.000Z";
  expect(lines()).toMatchObject([
    { level: "info", time, msg: "listening", url: "http://127.0.0.1:1" },
    { level: "info", msg: "request", id: "req_1", costUsd: 0.005, status: 200 },
    { level: "warn", msg: "request", costUsd: null, status: 502 },
    { level: "error", code: "ledger_failed", msg: "The token [redacted], and [redacted]" },
  ]);
});

test("holds what is heavy enough", () => {
  const { log, lines } = open("error");
  log.event("listening");
  log.requestEnded(exampleRecord());
  log.trouble("plain words");
  expect(lines()).toMatchObject([{ level: "error", msg: "plain words" }]);
});
