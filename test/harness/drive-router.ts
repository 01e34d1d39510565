import { startInProcessCall } from "../../src/compose/library/in-process-call.ts";
import type { OpenGateway } from "../../src/compose/open-gateway.ts";
import { parseMessageRequest } from "../../src/messages/parse-message-request.ts";
import type { HttpHeaders } from "../../src/providers/provider.ts";
import { ask } from "./call.ts";

export interface DrivenRequest {
  readonly id: string;
  readonly prompt: string;
  readonly headers?: HttpHeaders;
}

/**
 * Hands one request to a gateway's router as the gateway does, without a client's socket: what takes
 * ten thousand requests would take minutes over HTTP. Upstream is asked over its socket all the same.
 *
 * @returns the headers of the response, once it has ended and is booked
 */
export async function driveRouter(
  { router }: Pick<OpenGateway, "router">,
  { id, prompt, headers = {} }: DrivenRequest,
): Promise<HttpHeaders> {
  const wireBytes = Buffer.from(JSON.stringify(ask(prompt)));
  const parsed = parseMessageRequest(wireBytes);
  if (!parsed.ok) throw new Error("the harness asks what every route accepts");
  let answered: HttpHeaders | null = null;
  const call = startInProcessCall(
    {
      ...{ id, path: "/v1/messages", wireBytes, parsed: parsed.value },
      headers: { "x-api-key": "test-key", "anthropic-version": "2023-06-01", ...headers },
      arrivedMonotonicMs: performance.now(),
    },
    {
      onHead: (_status, head) => {
        answered = head;
      },
      onChunk: () => true,
      onEnd: () => undefined,
      onBroken: () => undefined,
    },
    (request, sink) => router.handleMessages(request, sink),
  );
  await call.settled;
  if (answered === null) throw new Error(`there was no answer to ${id}`);
  return answered;
}
