/**
 * The floor: the least a proxy of this kind can do. `node:http` in front, an undici pool behind,
 * JSON parsed both ways, streams passed on chunk by chunk. No checks, no records, no decisions.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Pool } from "undici";
import { serveUsage } from "./process-usage.ts";

const pool = new Pool(String(process.argv[2]), { connections: 1_024, pipelining: 1 });

const server = createServer({ noDelay: true }, (request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const parsed = JSON.parse(Buffer.concat(chunks).toString("utf8")) as { model: string };
    parsed.model = "claude-opus-4-7";
    void pool
      .request({
        method: "POST",
        path: request.url ?? "/",
        headers: {
          "content-type": "application/json",
          "x-bench-pace-ms": request.headers["x-bench-pace-ms"] ?? "0",
          "x-bench-events": request.headers["x-bench-events"] ?? "20",
        },
        body: JSON.stringify(parsed),
      })
      .then((upstream) => {
        const type = String(upstream.headers["content-type"]);
        if (type.startsWith("text/event-stream")) {
          response.writeHead(upstream.statusCode, { "content-type": type });
          upstream.body.on("data", (chunk: Buffer) => response.write(chunk));
          upstream.body.on("end", () => response.end());
          return;
        }
        const parts: Buffer[] = [];
        upstream.body.on("data", (chunk: Buffer) => parts.push(chunk));
        upstream.body.on("end", () => {
          const body = Buffer.concat(parts);
          JSON.parse(body.toString("utf8"));
          response.writeHead(upstream.statusCode, {
            "content-type": type,
            "content-length": body.length,
          });
          response.end(body);
        });
      });
  });
});
server.keepAliveTimeout = 120_000;
server.listen(0, "127.0.0.1", () => {
  serveUsage();
  process.send?.({ port: (server.address() as AddressInfo).port });
});
