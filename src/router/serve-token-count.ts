import { REQUESTED_MODEL } from "../cascade/route.ts";
import { selectRoute } from "../cascade/select-route.ts";
import { spliceEdits } from "../messages/body-edits.ts";
import { ClientResponse } from "./client-response.ts";
import type { RouterEnvironment } from "./flight.ts";
import type { ApiError } from "../messages/message.ts";
import { forward } from "./forward.ts";
import { ambiguousBodyError } from "./own-errors.ts";
import { readOwnHeaders } from "./own-headers.ts";
import type { ClientRequest, ClientSink } from "./router.ts";

/**
 * Counts tokens as upstream does. A virtual model name becomes the route's last tier; the count is
 * not adjusted for what a triage adds.
 */
export async function serveTokenCount(
  environment: RouterEnvironment,
  request: ClientRequest,
  sink: ClientSink,
): Promise<void> {
  const { id, path, headers, arrivedMonotonicMs, parsed } = request;
  const selection = selectRoute({
    requestedModel: parsed.value.model,
    routeHeader: readOwnHeaders(headers).route,
    routes: environment.routes.current().map((active) => active.route),
  });
  const refuse = (status: number, error: ApiError): void => {
    const { clock } = environment;
    const response = new ClientResponse(sink, { clock, arrivedMonotonicMs, isStreaming: false });
    response.sendError(status, { "x-leadsman-id": id }, error, id);
  };
  if (selection.kind === "problem") {
    const { status, type, message } = selection;
    refuse(status, { type, message });
    return;
  }
  const lastTier = selection.kind === "route" ? selection.route.tiers.at(-1) : undefined;
  const model = lastTier?.model ?? REQUESTED_MODEL;
  const isReplaced = selection.kind === "route" && selection.isVirtual && model !== REQUESTED_MODEL;
  if (isReplaced && parsed.ambiguity !== null) {
    refuse(400, ambiguousBodyError(parsed.ambiguity));
    return;
  }
  const body = isReplaced
    ? spliceEdits(parsed.bytes, [
        { op: "set", member: "model", value: model, why: "The virtual model has no counter." },
      ])
    : request.wireBytes;
  const forwardedHeaders = isReplaced ? { ...headers, "content-encoding": undefined } : headers;
  await forward(
    environment,
    { id, method: "POST", path, headers: forwardedHeaders, body, arrivedMonotonicMs },
    sink,
    lastTier?.provider,
  );
}
