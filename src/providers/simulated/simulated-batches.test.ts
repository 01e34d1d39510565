import { describeMessageBatches } from "../message-batches.contract.ts";
import { createSimulatedProvider } from "./simulated-provider.ts";

describeMessageBatches("simulated provider", (simulation) => {
  const provider = createSimulatedProvider(simulation);
  const close = async (): Promise<void> => {
    await provider.close();
  };
  return Promise.resolve({
    provider,
    refused: createSimulatedProvider({
      batchFaults: () => ({ fault: { kind: "connect_refused" } }),
    }),
    unanswered: createSimulatedProvider({
      batchFaults: () => ({ fault: { kind: "connect_hang" } }),
    }),
    calls: provider.calls,
    close,
  });
});
