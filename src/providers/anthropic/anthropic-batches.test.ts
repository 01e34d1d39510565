import { createServer } from "node:net";
import type { Socket } from "node:net";

import { describeMessageBatches } from "../message-batches.contract.ts";
import type { Provider } from "../provider.ts";
import { startSimulatedServer } from "../simulated/simulated-server.ts";
import { createAnthropicProvider } from "./anthropic-provider.ts";

describeMessageBatches("anthropic provider", async (simulation) => {
  const upstream = await startSimulatedServer(simulation);
  const gone = await startSimulatedServer({});
  await gone.close();
  const silent = await startSilentServer();
  const providers = [
    providerAt(upstream.url),
    providerAt(gone.url),
    // A TLS connection stands only after a handshake, which nobody answers here.
    providerAt(`https://127.0.0.1:${silent.port}`),
  ] as const;
  const [provider, refused, unanswered] = providers;
  return {
    provider,
    refused,
    unanswered,
    calls: upstream.calls,
    close: async () => {
      await upstream.close();
      await silent.close();
      await Promise.all(providers.map((each) => each.close()));
    },
  };
});

function providerAt(baseUrl: string): Provider {
  return createAnthropicProvider({ name: "test", baseUrl, auth: { kind: "passthrough" } });
}

async function startSilentServer(): Promise<{ port: number; close(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
