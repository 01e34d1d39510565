import { createServer } from "node:net";
import type { ServerConfig } from "../../config/config.ts";
import { fail, ok, type Check } from "./check.ts";

/** Whether the gateway could listen; a gateway that already does is fine too. */
export async function checkPort({
  host,
  port,
}: Pick<ServerConfig, "host" | "port">): Promise<Check> {
  const subject = "port";
  if (port === 0) return ok(subject, "any free one");
  const place = `${host}:${port}`;
  const trouble = await tryToListen(host.replace(/^\[(.*)\]$/, "$1"), port);
  if (trouble === null) return ok(subject, `${place} is free`);
  if (trouble !== "EADDRINUSE") {
    return fail(
      subject,
      `${place} cannot be listened on (${trouble})`,
      "Change server.host or port.",
    );
  }
  if (await isGateway(port)) return ok(subject, `a gateway is at work on ${place}`);
  return fail(
    subject,
    `${place} is taken by another program`,
    "Stop it, or choose another with server.port or `leadsman up --port`.",
  );
}

/** @returns the system's code for the trouble, or null */
function tryToListen(host: string, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ host, port }, () => {
      server.close(() => resolve(null));
    });
  });
}

/** A gateway says so to anybody on this machine, without a token. */
async function isGateway(port: number): Promise<boolean> {
  try {
    const url = `http://127.0.0.1:${port}/readyz`;
    const response = await fetch(url, { signal: AbortSignal.timeout(1_000) });
    const body: unknown = await response.json();
    return typeof body === "object" && body !== null && "status" in body && "reasons" in body;
  } catch {
    return false;
  }
}
