import { describeProvider } from "../provider.contract.ts";
import { createSimulatedProvider } from "./simulated-provider.ts";

describeProvider("simulated provider", ({ timeScale }) => {
  const provider = createSimulatedProvider({ seed: "contract", timeScale });
  const close = async (): Promise<void> => {
    await provider.close();
  };
  return Promise.resolve({
    provider,
    refused: createSimulatedProvider({ faults: () => ({ kind: "connect_refused" }) }),
    unanswered: createSimulatedProvider({ faults: () => ({ kind: "connect_hang" }) }),
    calls: provider.calls,
    close,
  });
});
