import type { Tracer } from "@opentelemetry/api";
import type { SpanExporter } from "@opentelemetry/sdk-trace-node";
import { LeadsmanError } from "../../support/leadsman-error.ts";
import { sleep } from "../../support/sleep.ts";
import { SERVICE_NAME, TRACER_NAME } from "../span-names.ts";
import { PresetIds } from "./span-ids.ts";

/** Sends spans to a collector. */
export interface TraceExporter {
  readonly tracer: Tracer;
  readonly presetIds: PresetIds;
  /** Sends what waits, for a bounded time, and stops. */
  close(): Promise<void>;
}

export interface ExporterOptions {
  /** The whole address, such as `http://127.0.0.1:4318/v1/traces`. */
  readonly endpoint: string;
  /** Told when spans could not be delivered; they are dropped then. */
  readonly onError: (error: unknown) => void;
  /** For tests. Default: the packages. */
  readonly load?: typeof loadPackages;
}

/** What users install who want traces. */
export const TRACE_PACKAGES = [
  "@opentelemetry/sdk-trace-node",
  "@opentelemetry/resources",
  "@opentelemetry/exporter-trace-otlp-http",
] as const;

/** A collector that is gone must not hold up the end of the process for longer. */
const CLOSE_MS = 3_000;

/**
 * Loads the SDK, which is no dependency of ours, and starts it for us alone: nothing global is set.
 *
 * @throws LeadsmanError `trace_packages_missing` with what to install
 */
export async function openExporter(options: ExporterOptions): Promise<TraceExporter> {
  const { endpoint, onError } = options;
  const { sdk, otlp, resources } = await (options.load ?? loadPackages)().catch(explain);
  const presetIds = new PresetIds();
  const plain = new otlp.OTLPTraceExporter({ url: endpoint });
  const exporter: SpanExporter = {
    export: (spans, done) => {
      plain.export(spans, (result) => {
        if (result.error !== undefined) onError(undelivered(endpoint, spans.length, result.error));
        done(result);
      });
    },
    shutdown: () => plain.shutdown(),
    forceFlush: () => plain.forceFlush(),
  };
  const provider = new sdk.NodeTracerProvider({
    idGenerator: presetIds,
    resource: resources.resourceFromAttributes({ "service.name": SERVICE_NAME }),
    spanProcessors: [new sdk.BatchSpanProcessor(exporter)],
  });
  return {
    tracer: provider.getTracer(TRACER_NAME),
    presetIds,
    close: () => closeWithin(provider.shutdown(), CLOSE_MS),
  };
}

interface Packages {
  readonly sdk: typeof import("@opentelemetry/sdk-trace-node");
  readonly otlp: typeof import("@opentelemetry/exporter-trace-otlp-http");
  readonly resources: typeof import("@opentelemetry/resources");
}

async function loadPackages(): Promise<Packages> {
  const [sdk, resources, otlp] = await Promise.all([
    import("@opentelemetry/sdk-trace-node"),
    import("@opentelemetry/resources"),
    import("@opentelemetry/exporter-trace-otlp-http"),
  ]);
  return { sdk, resources, otlp };
}

function explain(cause: unknown): never {
  const isMissing =
    cause instanceof Error && "code" in cause && cause.code === "ERR_MODULE_NOT_FOUND";
  if (!isMissing) throw cause;
  throw new LeadsmanError(
    "trace_packages_missing",
    "telemetry.traces.endpoint is set, which needs packages that are not installed: " +
      `npm install ${TRACE_PACKAGES.join(" ")}`,
    { cause },
  );
}

function undelivered(endpoint: string, spans: number, cause: unknown): LeadsmanError {
  const reason = cause instanceof Error ? cause.message : "no reason given";
  // What follows the path can be a key.
  const { origin, pathname } = new URL(endpoint);
  const to = `${origin}${pathname}`;
  const message = `${String(spans)} spans could not be delivered to ${to}: ${reason}`;
  return new LeadsmanError("spans_undelivered", message, { cause });
}

async function closeWithin(closing: Promise<void>, ms: number): Promise<void> {
  const timeout = new AbortController();
  const late = sleep(ms, timeout.signal);
  // What could not be delivered was told to `onError`.
  await Promise.race([closing.catch(() => undefined), late]);
  timeout.abort();
}
