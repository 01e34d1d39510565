import type { ExchangeStep } from "./exchange-step.ts";
import type { SimulatedFault } from "./simulated-fault.ts";

/** What a fault does that lets no response begin; null for all others. */
export function silentSteps(fault: SimulatedFault): readonly ExchangeStep[] | null {
  switch (fault.kind) {
    case "connect_refused":
    case "connect_hang":
    case "hang":
      return [{ kind: fault.kind }];
    case "die_before_head":
      return [{ kind: "die" }];
    default:
      return null;
  }
}
