import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { openExporter } from "./open-exporter.ts";

test("says what to install when the packages are not there", async () => {
  const missing = Object.assign(new Error("Cannot find package"), { code: "ERR_MODULE_NOT_FOUND" });
  const opening = openExporter({
    endpoint: "http://127.0.0.1:1/v1/traces",
    onError: () => undefined,
    load: () => Promise.reject(missing),
  });
  await expect(opening).rejects.toMatchObject({
    code: "trace_packages_missing",
    message: expect.stringContaining(
      "npm install @opentelemetry/sdk-trace-node @opentelemetry/resources " +
        "@opentelemetry/exporter-trace-otlp-http",
    ) as string,
  });
});

test("passes other trouble with the packages on as it is", async () => {
  const broken = new Error("broken package");
  const opening = openExporter({
    endpoint: "http://127.0.0.1:1/v1/traces",
    onError: () => undefined,
    load: () => Promise.reject(broken),
  });
  await expect(opening).rejects.toBe(broken);
});

test("tells of spans that the collector did not take", async () => {
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(400).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const errors: unknown[] = [];
  const exporter = await openExporter({
    endpoint: `http://127.0.0.1:${String(port)}/v1/traces?key=of-the-collector`,
    onError: (error) => errors.push(error),
  });
  exporter.presetIds.next = { traceId: "1".repeat(32), spanId: "2".repeat(16) };
  exporter.tracer.startSpan("a").end();
  await exporter.close();
  expect(errors).toMatchObject([{ code: "spans_undelivered" }]);
  // Some collectors take their key in the address.
  expect(String(errors[0])).toContain(`to http://127.0.0.1:${String(port)}/v1/traces: `);
  server.closeAllConnections();
  server.close();
});
