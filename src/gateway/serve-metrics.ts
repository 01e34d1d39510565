import type { IncomingMessage, ServerResponse } from "node:http";
import { refuse } from "./gateway-context.ts";
import type { GatewayContext } from "./gateway-context.ts";
import { gatewayStats } from "./gateway-stats.ts";
import type { GatewayStats } from "./gateway-stats.ts";
import { sendText } from "./own-answer.ts";
import type { OwnError } from "./own-answer.ts";
import { notFoundError } from "./own-errors.ts";

/** Tells the numbers of a gateway and of what is behind it, in a form to be scraped. */
export type MetricsSource = (
  stats: GatewayStats,
) => Promise<{ readonly text: string; readonly contentType: string }>;

/** Answers `/metrics`. */
export function serveMetrics(
  context: GatewayContext,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  if (context.metrics === null) {
    refuse(context, request, response, notFoundError("Metrics are switched off"));
    return;
  }
  context.metrics(gatewayStats(context)).then(
    ({ text, contentType }) => {
      sendText(request, response, 200, text, { "content-type": contentType });
    },
    () => {
      refuse(context, request, response, UNREADABLE);
    },
  );
}

const UNREADABLE: OwnError = {
  status: 500,
  type: "api_error",
  message: "The metrics cannot be read",
};
