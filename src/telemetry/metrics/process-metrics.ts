import { collectDefaultMetrics, Registry } from "prom-client";
import { PROCESS_PREFIX } from "../metric-names.ts";

let registry: Registry | null = null;

/**
 * Event loop, memory, CPU and garbage collection of this process. They are the process's own and
 * their probes cannot be taken out again, so that all gateways of a process share them.
 */
export function processMetrics(): Registry {
  if (registry !== null) return registry;
  registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: PROCESS_PREFIX });
  return registry;
}
