import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { migrate } from "./migrate.ts";
import { pageQuery } from "./read-page.ts";
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
