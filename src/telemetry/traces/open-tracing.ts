import { trace } from "@opentelemetry/api";
import type { Clock } from "../../support/clock.ts";
import type { LedgerObserver } from "../ledger-observer.ts";
import { TRACER_NAME } from "../span-names.ts";
import { createSpans } from "./create-spans.ts";
import { openExporter, type ExporterOptions } from "./open-exporter.ts";
import { TraceMemory } from "./trace-memory.ts";

export interface TracingOptions extends Omit<ExporterOptions, "endpoint"> {
  /** Null: spans go to the SDK that the surrounding program has registered, if it has one. */
  readonly endpoint: string | null;
  /** Who made a model; null = not known. */
  readonly vendorOf: (model: string) => string | null;
  readonly clock: Clock;
}

export interface Tracing {
  readonly observer: LedgerObserver;
  readonly memory: TraceMemory;
  /** Whether ids of spans are ours to tell upstream before they are made. */
  readonly hasOwnIds: boolean;
  close(): Promise<void>;
}

/** @throws LeadsmanError `trace_packages_missing` */
export async function openTracing(options: TracingOptions): Promise<Tracing> {
  const { endpoint, vendorOf, clock } = options;
  const exporter = endpoint === null ? null : await openExporter({ ...options, endpoint });
  const memory = new TraceMemory();
  const observer = createSpans({
    tracer: exporter?.tracer ?? trace.getTracer(TRACER_NAME),
    presetIds: exporter?.presetIds ?? null,
    memory,
    vendorOf,
    clock,
  });
  return {
    observer,
    memory,
    hasOwnIds: exporter !== null,
    close: async () => exporter?.close(),
  };
}
