import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import type { EvidenceFilter } from "../ledger.ts";
import { migrate } from "./migrate.ts";
import { pageQuery } from "./read-page.ts";
import { answersOfStanding, conditionsOf, evidenceTable } from "./read-evidence.ts";
import { PAIRS_TABLE, REQUESTS_TABLE } from "./read-requests.ts";

const FILTERS = [
  [{}, undefined],
  [{}, "5:id"],
  [{ fromMs: 1, toMs: 9 }, "5:id"],
  [{ route: "support" }, undefined],
  [{ route: "support", fromMs: 1 }, "5:id"],
] as const;

test.each([REQUESTS_TABLE, PAIRS_TABLE])("pages of $name come from an index, unsorted", (table) => {
  const database = new DatabaseSync(":memory:");
  migrate(database);
  for (const [filter, after] of FILTERS) {
    const { sql, values } = pageQuery(table, filter, after);
    const steps = database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...values, 10);
    const plan = steps.map(({ detail }) => String(detail)).join("; ");
    const index = "route" in filter ? `${table.name}_by_route` : `${table.name}_by_time`;
    expect(plan).toContain(`USING INDEX ${index}`);
    expect(plan).not.toContain("TEMP B-TREE");
  }
  database.close();
});

test.each([
  [{}, "evidence_by_time"],
  [{ fromMs: 1, toMs: 9, where: "wrong" }, "evidence_by_time"],
  [{ route: "support", lacks: "human" }, "evidence_by_route"],
  [{ route: "support", isClustered: true }, "evidence_clustered"],
  [{ route: "support", order: "confidence" }, "evidence_by_confidence"],
  [
    { route: "support", order: "confidence", fromConfidence: 0.5, where: "wrong", fromMs: 1 },
    "evidence_by_confidence",
  ],
] as const)("a page of evidence of %o comes from %s, unsorted", (filter, index) => {
  const database = new DatabaseSync(":memory:");
  migrate(database);
  for (const after of [undefined, "0.5:7"]) {
    const { sql, values } = pageQuery(evidenceTable(filter), filter, after, conditionsOf(filter));
    const steps = database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...values, 10);
    const plan = steps.map(({ detail }) => String(detail)).join("; ");
    expect(plan).toContain(`USING INDEX ${index}`);
    expect(plan).not.toContain("TEMP B-TREE");
  }
  database.close();
});

test("items whose id begins alike are looked up by it, not looked for in time", () => {
  const database = new DatabaseSync(":memory:");
  migrate(database);
  const filter: EvidenceFilter = { itemIdPrefix: "itm_0123", dataset: "autumn" };
  const { sql, values } = pageQuery(evidenceTable(filter), filter, undefined, conditionsOf(filter));
  const steps = database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...values, 10);
  expect(String(steps[0]?.["detail"])).toContain("(item_id>? AND item_id<?)");
  database.close();
});

test("answers are counted along an index that holds all that is asked", () => {
  const database = new DatabaseSync(":memory:");
  migrate(database);
  const { sql, values } = answersOfStanding({ route: "support", fromMs: 1, toMs: 9 });
  const steps = database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...values, "graded");
  expect(steps.map(({ detail }) => detail)).toEqual([
    expect.stringContaining(
      "USING COVERING INDEX evidence_counts_by_standing (route=? AND <expr>=?",
    ),
  ]);
  database.close();
});
