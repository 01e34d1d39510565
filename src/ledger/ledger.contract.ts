import { describe } from "vitest";
import { describeAnswerCounts } from "./contract/answer-counts.contract.ts";
import { describeAppending } from "./contract/appending.contract.ts";
import { describeBatches } from "./contract/batches.contract.ts";
import { describeEvidence } from "./contract/evidence.contract.ts";
import { describeImports } from "./contract/imports.contract.ts";
import { describeJobs } from "./contract/jobs.contract.ts";
import type { MakePlace } from "./contract/ledger-place.fixture.ts";
import { describePages } from "./contract/pages.contract.ts";
import { describePairsAndBodies } from "./contract/pairs-and-bodies.contract.ts";
import { describePurges } from "./contract/purges.contract.ts";
import { describeSettings } from "./contract/settings.contract.ts";
import { describeTotals } from "./contract/totals.contract.ts";
import { describeUpkeep } from "./contract/upkeep.contract.ts";
import { describeWatching } from "./contract/watching.contract.ts";

/** What every engine behind `Ledger` must do. */
export function describeLedger(name: string, makePlace: MakePlace): void {
  describe(`${name} is a ledger`, () => {
    describe("appending", () => describeAppending(makePlace));
    describe("totals", () => describeTotals(makePlace));
    describe("pages", () => describePages(makePlace));
    describe("pairs and bodies", () => describePairsAndBodies(makePlace));
    describe("evidence", () => describeEvidence(makePlace));
    describe("answer counts", () => describeAnswerCounts(makePlace));
    describe("batches", () => describeBatches(makePlace));
    describe("imports", () => describeImports(makePlace));
    describe("jobs", () => describeJobs(makePlace));
    describe("purges", () => describePurges(makePlace));
    describe("settings", () => describeSettings(makePlace));
    describe("watching", () => describeWatching(makePlace));
    describe("upkeep", () => describeUpkeep(makePlace));
  });
}
