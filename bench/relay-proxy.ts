/**
 * Passes bytes on between two sockets and does nothing else: what two hops over loopback and the
 * waking of a process take, whatever stands between them.
 */
import { connect, createServer, type AddressInfo } from "node:net";

const upstream = new URL(String(process.argv[2]));

const server = createServer({ noDelay: true }, (client) => {
  const port = Number(upstream.port);
  const behind = connect({ port, host: upstream.hostname, noDelay: true });
  client.on("data", (chunk) => behind.write(chunk));
  behind.on("data", (chunk) => client.write(chunk));
  client.on("close", () => behind.destroy());
  behind.on("close", () => client.destroy());
  // Either end may be cut; the other is then closed above.
  client.on("error", () => undefined);
  behind.on("error", () => undefined);
});
server.listen(0, "127.0.0.1", () => {
  process.send?.({ port: (server.address() as AddressInfo).port });
});
