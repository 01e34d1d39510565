import type { Provider, UpstreamFailure, UpstreamHead } from "../provider.ts";

/** A response that a test wrote, chunk by chunk. */
export interface ScriptedResponse {
  readonly head?: Partial<UpstreamHead>;
  readonly chunks: readonly Uint8Array[];
  /** In place of an end. */
  readonly failure?: UpstreamFailure;
}

export interface ScriptedProvider extends Provider {
  /** What its only call was told, in order. */
  readonly told: readonly string[];
}

/** Answers with exactly these chunks, whether or not it is told to pause. */
export function scriptedProvider(response: ScriptedResponse): ScriptedProvider {
  const told: string[] = [];
  return {
    name: "scripted",
    isSimulated: true,
    told,
    close: () => Promise.resolve(),
    send: (_request, sink) => {
      let isAborted = false;
      queueMicrotask(() => {
        sink.onHead({ status: 200, headers: {}, ...response.head });
        for (const chunk of response.chunks) if (!isAborted) sink.onChunk(chunk);
        if (isAborted) return;
        if (response.failure === undefined) sink.onEnd();
        else sink.onFailure(response.failure);
      });
      return {
        abort: () => {
          isAborted = true;
          told.push("abort");
        },
        pause: () => told.push("pause"),
        resume: () => told.push("resume"),
      };
    },
  };
}
