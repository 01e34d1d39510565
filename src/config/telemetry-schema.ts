import { z } from "zod";
import type { TelemetryConfig } from "./config.ts";
import { LOG_FORMATS, LOG_LEVELS } from "./config.ts";
import { flag, oneOf, secret } from "./setting-kinds.ts";

const ENDPOINT = "an http(s) address without user name, such as http://127.0.0.1:4318/v1/traces";

export const telemetrySchema: z.ZodType<TelemetryConfig> = z
  .strictObject({
    metrics: z
      .strictObject({
        enabled: flag().prefault(true).describe("Serves `/metrics` in the format of Prometheus."),
        token: z
          .union([secret("text without blanks"), z.literal("")], "text without blanks")
          .transform((token) => (token === "" ? null : token))
          .nullable()
          .prefault(null)
          .describe(
            "Secret that opens `/metrics` and nothing else, as a bearer token or " +
              "`x-leadsman-token`. `server.token`, where there is one, opens it as well; without " +
              "either (on loopback only) it is open.",
          ),
      })
      .prefault({})
      .describe("Numbers to scrape."),
    traces: z
      .strictObject({
        endpoint: z
          .string(ENDPOINT)
          .refine(isEndpoint, ENDPOINT)
          .meta({ title: "an http(s) address" })
          .nullable()
          .prefault(null)
          .describe(
            "Where spans are sent, as OTLP over HTTP. Needs the packages " +
              "@opentelemetry/sdk-trace-node, @opentelemetry/resources and " +
              "@opentelemetry/exporter-trace-otlp-http; null leaves them alone.",
          ),
        propagate: flag()
          .prefault(false)
          .describe(
            "Tells upstream of the trace: by a `traceparent` of ours with an `endpoint`, by the " +
              "client's own without. While false no header of a trace travels upstream.",
          ),
      })
      .prefault({})
      .describe("Spans of requests and of upstream calls, without any text of them."),
    logs: z
      .strictObject({
        level: oneOf(LOG_LEVELS)
          .prefault("info")
          .describe("From which weight on the JSON log holds events; requests are `info`."),
        format: oneOf(LOG_FORMATS)
          .prefault("text")
          .describe("`text` is for people at a terminal; `json` writes a line for each event."),
      })
      .prefault({})
      .describe("The gateway's own log, on standard error."),
  })
  .describe("What the gateway tells those who run it. Never a text of a request.");

function isEndpoint(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return (protocol === "https:" || protocol === "http:") && username + password === "";
}
