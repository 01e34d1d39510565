import { expect, test } from "vitest";
import { createFakeIo } from "./fake-io.fixture.ts";
import { createPaint } from "./paint.ts";
import { createProgress } from "./progress.ts";

test("without a terminal there is a plain line at each quarter, each once", () => {
  const { io, notes } = createFakeIo();
  const progress = createProgress(io, createPaint(false), { total: 60, what: "requests" }, () => 0);
  for (let done = 1; done <= 60; done += 1) progress.update(done);
  progress.end();
  expect(notes().trimEnd().split("\n")).toEqual([
    "  15 of 60 requests",
    "  30 of 60 requests",
    "  45 of 60 requests",
    "  60 of 60 requests",
  ]);
});
