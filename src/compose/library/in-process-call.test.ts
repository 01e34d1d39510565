import { describe, expect, test } from "vitest";
import { exampleParsed } from "../../cascade/examples.fixture.ts";
import type { ClientRequest, ClientSink } from "../../router/router.ts";
import { startInProcessCall, type InProcessCall } from "./in-process-call.ts";

interface Observed {
  readonly call: InProcessCall;
  readonly sink: ClientSink;
  readonly heard: string[];
}

/** Drives the router's side of a call by hand. */
function begin(takes = true): Observed {
  const heard: string[] = [];
  const sinks: ClientSink[] = [];
  const parsed = exampleParsed();
  const request: ClientRequest = {
    ...{ id: "req_1", path: "/v1/messages", headers: {}, arrivedMonotonicMs: 0 },
    wireBytes: parsed.bytes,
    parsed,
  };
  const call = startInProcessCall(
    request,
    {
      onHead: (status) => heard.push(`head ${status}`),
      onChunk: (chunk) => {
        heard.push(Buffer.from(chunk).toString("utf8"));
        return takes;
      },
      onEnd: () => heard.push("end"),
      onBroken: () => heard.push("broken"),
    },
    (_request, sink) => {
      sinks.push(sink);
      return Promise.resolve();
    },
  );
  const [sink] = sinks;
  if (sink === undefined) throw new Error("the router was not called");
  return { call, sink, heard };
}

describe("a call inside the process", () => {
  test("hands on what the router sends, and whether to go on", () => {
    const { sink, heard } = begin();
    sink.open(200, {});
    expect(sink.write(Buffer.from("a"))).toBe(true);
    sink.end();
    expect(heard).toEqual(["head 200", "a", "end"]);
    expect(begin(false).sink.write(Buffer.from("a"))).toBe(false);
  });

  test("asks for more when its caller proceeds, until it is over", () => {
    const { call, sink } = begin(false);
    let drained = 0;
    sink.onDrain(() => (drained += 1));
    call.proceed();
    sink.end();
    call.proceed();
    expect(drained).toBe(1);
  });

  test("tells the router of a caller that leaves, once, and the caller nothing more", () => {
    const { call, sink, heard } = begin();
    let gone = 0;
    sink.onClientGone(() => (gone += 1));
    call.leave();
    call.leave();
    sink.open(200, {});
    expect(sink.write(Buffer.from("a"))).toBe(true);
    sink.end();
    sink.destroy();
    expect({ gone, heard }).toEqual({ gone: 1, heard: [] });
    sink.onClientGone(() => (gone += 1));
    expect(gone).toBe(2);
  });

  test("tells a broken answer from a complete one, and takes one end only", () => {
    const { call, sink, heard } = begin();
    let gone = 0;
    sink.onClientGone(() => (gone += 1));
    sink.open(200, {});
    sink.destroy();
    sink.end();
    call.leave();
    expect({ heard, gone }).toEqual({ heard: ["head 200", "broken"], gone: 0 });
  });
});
