import { expect, test } from "vitest";
import { exampleAttempt, exampleRecord } from "../cascade/examples.fixture.ts";
import { exportRequests } from "./export-requests.ts";

type Source = Parameters<typeof exportRequests>[0];

/** Three pages of two requests, and the texts of the first. */
function createSource(): Source & { readonly asked: (string | undefined)[] } {
  const asked: (string | undefined)[] = [];
  const bodies: Readonly<Record<string, Uint8Array>> = {
    request: Buffer.from("Grüße"),
    "answer:1": Buffer.from([0xff, 0x00]),
  };
  const attempts = [exampleAttempt(), exampleAttempt({ index: 1 })];
  return {
    asked,
    requests: async (_filter, _limit, after) => {
      asked.push(after);
      const page = Number(after ?? "0");
      const rows = [0, 1].map((row) => exampleRecord({ id: `req_${page}${row}`, attempts }));
      return { rows, next: page === 2 ? null : String(page + 1) };
    },
    pair: async () => null,
    body: async (id, part) => (id === "req_00" ? (bodies[part] ?? null) : null),
  };
}

test("every page comes once, in order, with what belongs to its requests", async () => {
  const ids: string[] = [];
  const options = { filter: {}, withBodies: false };
  for await (const page of exportRequests(createSource(), options)) {
    for (const { id, bodies } of page) ids.push(bodies === null ? id : `${id} with bodies`);
  }
  expect(ids).toEqual(["req_00", "req_01", "req_10", "req_11", "req_20", "req_21"]);
});

test("a page is not read before it is asked for", async () => {
  const source = createSource();
  const pages = exportRequests(source, { filter: {}, withBodies: false });
  await pages.next();
  expect(source.asked).toEqual([undefined]);
  await pages.next();
  await pages.return(undefined);
  expect(source.asked).toEqual([undefined, "1"]);
});

test("bodies are text where they are UTF-8, else base64", async () => {
  const pages = exportRequests(createSource(), { filter: {}, withBodies: true });
  const first = await pages.next();
  const requests = first.done === true ? [] : first.value;
  expect(requests.map(({ bodies }) => bodies)).toEqual([
    { request: "Grüße", "answer:1": { base64: "/wA=" } },
    {},
  ]);
});
