import { expect, test } from "vitest";
import { fakeLedger } from "../../ledger/fake-ledger.fixture.ts";
import type { Alert, AlertFilter } from "../../ledger/records/alert.ts";
import { alertOf } from "../../watch/channels/alert.fixture.ts";
import { linkTo } from "../../watch/channels/alert-text.ts";
import { startTestGateway } from "../fake-router.fixture.ts";
import { call } from "../test-client.fixture.ts";

test("alerts are read as the ledger has them, by filter or by the link of a message", async () => {
  const asked: [AlertFilter, number][] = [];
  const alert: Alert = alertOf();
  const gateway = await startTestGateway({
    ledger: fakeLedger("The gateway", {
      alerts: (filter, limit) => {
        asked.push([filter, limit]);
        return Promise.resolve([alert]);
      },
      alert: (id) => Promise.resolve(id === alert.id ? alert : null),
    }),
  });
  try {
    const get = async (path: string): Promise<readonly [number, unknown]> => {
      const { status, body } = await call(gateway.port, path);
      return [status, JSON.parse(body)];
    };
    const path = "/_leadsman/api/v1/alerts";
    expect(await get(path)).toEqual([200, { rows: [alert] }]);
    expect(await get(`${path}?open=1&route=support&limit=5`)).toEqual([200, { rows: [alert] }]);
    expect(asked).toEqual([
      [{}, 50],
      [{ isOpen: true, route: "support" }, 5],
    ]);
    expect(await get(linkTo(alert, "") ?? "")).toEqual([200, alert]);
    expect((await get(`${path}/alr_none`))[0]).toBe(404);
    expect((await get(`${path}?since=1`))[0]).toBe(400);
  } finally {
    await gateway.close();
  }
});
