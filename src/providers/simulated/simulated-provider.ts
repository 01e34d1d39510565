import type { Provider, UpstreamRequest } from "../provider.ts";
import { createCallLog } from "./call-log.ts";
import type { RecordedCall } from "./call-log.ts";
import { SimulatedProviderCall } from "./simulated-provider-call.ts";
import { simulationFrom } from "./simulation-options.ts";
import type { SimulationOptions } from "./simulation-options.ts";

export interface SimulatedProviderOptions extends SimulationOptions {
  /** Default `simulated`. */
  readonly name?: string;
}

export interface SimulatedProvider extends Provider {
  /** The latest requests, oldest first. */
  calls(): readonly RecordedCall[];
}

/** A Messages API in this process: no network, no cost, no model. */
export function createSimulatedProvider(options: SimulatedProviderOptions): SimulatedProvider {
  const simulation = simulationFrom(options);
  const name = options.name ?? "simulated";
  const log = createCallLog(simulation.recordedCalls);
  const open = new Set<SimulatedProviderCall>();
  const allEnded = Promise.withResolvers<null>();
  let isClosed = false;
  return {
    name,
    isSimulated: true,
    calls: log.calls,
    send: (request: UpstreamRequest, sink) => {
      const call = new SimulatedProviderCall({
        name,
        request,
        sink,
        simulation,
        log,
        onOver: () => {
          open.delete(call);
          if (isClosed && open.size === 0) allEnded.resolve(null);
        },
      });
      open.add(call);
      call.begin(isClosed);
      return call;
    },
    close: async () => {
      isClosed = true;
      if (open.size === 0) allEnded.resolve(null);
      await allEnded.promise;
    },
  };
}
