import type { HttpHeaders, Provider } from "../providers/provider.ts";

/** What one call's response said besides its answer. */
export interface TappedCall {
  readonly onHead: (status: number, headers: HttpHeaders) => void;
  /** Null while no head has come. */
  readonly status: number | null;
  readonly headers: HttpHeaders;
  /** The beginning of the body of an error response. */
  errorBody(): Uint8Array;
}

/** An error's envelope is shorter. */
const MAX_ERROR_BYTES = 64 * 1024;

/** A provider for one call that remembers the head of its response, and the body of an error. */
export function tapProvider(
  provider: Provider,
  onHead: TappedCall["onHead"],
): { readonly provider: Provider; readonly call: TappedCall } {
  let status: number | null = null;
  let headers: HttpHeaders = {};
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  return {
    call: {
      onHead,
      get status() {
        return status;
      },
      get headers() {
        return headers;
      },
      errorBody: () => Buffer.concat(chunks),
    },
    provider: {
      name: provider.name,
      isSimulated: provider.isSimulated,
      close: () => provider.close(),
      send: (request, sink) =>
        provider.send(request, {
          onHead: (head) => {
            ({ status, headers } = head);
            onHead(status, headers);
            sink.onHead(head);
          },
          onChunk: (chunk) => {
            if (status !== null && status >= 400 && bytes < MAX_ERROR_BYTES) {
              chunks.push(chunk);
              bytes += chunk.length;
            }
            sink.onChunk(chunk);
          },
          onEnd: () => {
            sink.onEnd();
          },
          onFailure: (failure) => {
            sink.onFailure(failure);
          },
        }),
    },
  };
}
