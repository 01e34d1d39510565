import { expect, test } from "vitest";
import { DEFAULT_TIMEOUTS, type UpstreamSink } from "../providers/provider.ts";
import { recordedProvider } from "./recorded-provider.ts";

const REQUEST = {
  ...{ method: "POST", path: "/v1/messages", headers: {}, body: null },
  timeouts: DEFAULT_TIMEOUTS,
};

/** @param abortAt the caller has heard enough with this */
function heard(abortAt = ""): Promise<string> {
  let told = "";
  return new Promise((resolve) => {
    const hear = (what: string): void => {
      told += `${what} `;
      if (what.startsWith(abortAt) && abortAt !== "") call.abort();
    };
    const sink: UpstreamSink = {
      onHead: ({ status }) => {
        hear(`head-${String(status)}`);
      },
      onChunk: () => {
        hear("chunk");
      },
      onEnd: () => {
        hear("end");
      },
      onFailure: () => {
        hear("failure");
      },
    };
    const call = recordedProvider({ name: "a", isSimulated: true }, ANSWER).send(REQUEST, sink);
    setImmediate(() => {
      resolve(told);
    });
  });
}

const ANSWER = {
  kind: "error",
  error: { type: "overloaded_error", message: "Overloaded" },
} as const;

test("an error is told with the status that a call would have had, never before send returns", async () => {
  expect(await heard()).toBe("head-529 chunk end ");
  expect(await heard("chunk")).toBe("head-529 chunk ");
});
