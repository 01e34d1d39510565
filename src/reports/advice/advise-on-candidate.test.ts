import { expect, test } from "vitest";
import { describeCandidate } from "../candidates/candidate-report.ts";
import type { EvidenceKey } from "../../ledger/records/evidence.ts";
import { exampleCount } from "../evidence/evidence-count.fixture.ts";
import { adviseOnCandidate } from "./advise-on-candidate.ts";

const SETTINGS = {
  model: "claude-sonnet-4-6",
  promised: { atMost: 0.05, failureProbability: 0.05 },
  candidates: 1,
};

const asked = (items: number, changes: Partial<EvidenceKey> = {}) =>
  exampleCount(items, { tier: 100, decision: "escalated", differs: false, ...changes });

const PASSES = { confidence: null, cheapMissing: "null_answer", differs: null } as const;

test.each([
  [
    "add_tier",
    [asked(400), asked(100, PASSES)],
    "claude-sonnet-4-6 would close 76.2 % to 83.4 % of the escalated requests from 0.90 on " +
      "(asked 500), at most 5 % of that other than the deep answer; it pays from 10.0 % on. An " +
      "escalated request then costs $0.00300 instead of $0.0100.",
  ],
  [
    "do_not_add_tier",
    [asked(3), asked(197, PASSES)],
    "claude-sonnet-4-6 had a usable answer to 3 of 200 escalated requests: at any threshold asking " +
      "it ($0.00100 each) costs more than that spares.",
  ],
  [
    "not_known_yet",
    [asked(50)],
    "No threshold of claude-sonnet-4-6 is proven to keep to 5 % other than the deep answer: asked " +
      "50. About 74 more would tell.",
  ],
  [
    "not_known_yet",
    [asked(80), asked(820, PASSES)],
    "claude-sonnet-4-6 would close 7.1 % to 10.9 % of the escalated requests from 0.90 on (asked " +
      "900), at most 5 % of that other than the deep answer; it pays from 10.0 % on. Judging by " +
      "these, more of them would not show that it pays.",
  ],
  [
    "not_known_yet",
    [],
    "claude-sonnet-4-6 was not asked yet. It takes at least 74 escalated requests to tell.",
  ],
  [
    "not_known_yet",
    [asked(10)],
    "What claude-sonnet-4-6 costs is not known yet: asked 10. It takes at least 64 more to tell.",
  ],
])("%s: %#", (says, counts, sentence) => {
  const report = describeCandidate(counts, SETTINGS);
  expect(adviseOnCandidate(report, 0.05)).toEqual({ rule: "middle_tier", says, sentence });
});
