import { expect, test } from "vitest";
import { exampleAttempt } from "../../cascade/examples.fixture.ts";
import type { AttemptRole } from "../../cascade/words.ts";
import { upstreamMs } from "./upstream-time.ts";

/** Role, start and length of each call; length of the request; what upstream took of it. */
type Case = readonly [string, readonly (readonly [AttemptRole, number, number])[], number, number];

const CASES: readonly Case[] = [
  ["no call", [], 10, 0],
  ["one call", [["answer", 2, 5]], 10, 5],
  [
    "one after the other",
    [
      ["triage", 1, 3],
      ["answer", 5, 4],
    ],
    10,
    7,
  ],
  [
    "an overlap counts once",
    [
      ["triage", 1, 5],
      ["answer", 4, 4],
    ],
    10,
    7,
  ],
  [
    "one inside the other",
    [
      ["triage", 1, 8],
      ["answer", 3, 2],
    ],
    10,
    8,
  ],
  [
    "what runs on past the end does not count",
    [
      ["triage", 1, 50],
      ["answer", 4, 5],
    ],
    10,
    9,
  ],
  [
    "nobody waits for a shadow",
    [
      ["answer", 1, 4],
      ["shadow_triage", 5, 90],
    ],
    10,
    4,
  ],
];

test.each(CASES)("%s", (_, calls, latencyMs, expected) => {
  const attempts = calls.map(([role, startedAfterMs, lastedMs], index) =>
    exampleAttempt({ index, role, startedAfterMs, latencyMs: lastedMs }),
  );
  expect(upstreamMs(attempts, latencyMs)).toBe(expected);
});
