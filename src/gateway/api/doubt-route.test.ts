import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Ledger } from "../../ledger/ledger.ts";
import { makeSqlitePlace, type SqlitePlace } from "../../ledger/sqlite/sqlite-place.fixture.ts";
import { fillWithItems } from "../../quality/grading/grading-items.fixture.ts";
import { startTestGateway } from "../fake-router.fixture.ts";
import type { Gateway } from "../start-gateway.ts";
import { call } from "../test-client.fixture.ts";

const UNKNOWN = 'There is no route. Did you mean "billing"?';

let place: SqlitePlace;
let ledger: Ledger;
let gateway: Gateway;

// Evidence is of `support`, which is configured no more; of `billing` there is none yet.
beforeEach(async () => {
  place = await makeSqlitePlace();
  ledger = await place.open();
  await fillWithItems(ledger, 1);
  const unknownRoute = (name: string): string | null => (name === "billing" ? null : UNKNOWN);
  gateway = await startTestGateway({ ledger, unknownRoute });
});
afterEach(async () => {
  await gateway.close();
  await ledger.close();
  await place.remove();
});

async function get(path: string): Promise<readonly [number, unknown]> {
  const { status, body } = await call(gateway.port, `/_leadsman/api/v1/${path}`);
  return [status, JSON.parse(body)];
}

describe.each(["watch", "evidence", "pairs", "alerts", "grading/next"])("GET %s", (resource) => {
  test("of a route that is not configured: 404 with what the configuration says of it", async () => {
    expect(await get(`${resource}?route=biling`)).toMatchObject([
      404,
      { type: "error", error: { type: "not_found_error", message: UNKNOWN } },
    ]);
  });

  test("of a configured one without anything: 200", async () => {
    expect((await get(`${resource}?route=billing`))[0]).toBe(200);
  });
});

test.each(["evidence", "pairs", "grading/next"])(
  "GET %s shows what is left of a route of the past",
  async (resource) => {
    expect((await get(`${resource}?route=support`))[0]).toBe(200);
  },
);
