import { expect, test } from "vitest";
import { systemClock } from "../support/clock.ts";
import { openLedger } from "./open-ledger.ts";

test("an engine that is not there is told by its kind, without the password in its address", () => {
  const url = "postgres://leadsman:hunter2@db.internal/leadsman";
  const opening = (): unknown => openLedger({ url, spillBytes: 1 }, systemClock);
  expect(opening).toThrow(/"postgres:"/);
  expect(opening).not.toThrow(/hunter2/);
});
