import { describe, expect, test } from "vitest";
import { endOfMessage } from "./end-of-message.ts";

function endOf(text: string): { readonly upTo: string; readonly event: string } | null {
  const bytes = Buffer.from(text);
  const end = endOfMessage(bytes);
  return end && { upTo: bytes.subarray(0, end.offset).toString(), event: end.event };
}

const DELTA = 'event: message_delta\ndata: {"type":"message_delta"}\n\n';
const STOP = 'event: message_stop\ndata: {"type":"message_stop"}\n\n';
const ERROR = 'event: error\ndata: {"type":"error","error":{}}\n\n';

describe("endOfMessage", () => {
  test.each([
    ["alone", "", ""],
    ["with other events before", DELTA, ""],
    ["behind characters of several bytes", ": Grüße 你好\n\n", ""],
    ["with a comment behind", "", ": ping\n\n"],
    ["with half an event behind", "", "event: pi"],
    ["with an error behind", DELTA, ERROR],
    ["with another end behind", DELTA, STOP],
    ["with more blank lines behind", "", "\n\n\n"],
  ])("message_stop %s", (_name, before, behind) => {
    const upTo = before + STOP;
    expect(endOf(upTo + behind)).toEqual({ upTo, event: "message_stop" });
  });

  test("the first end counts", () => {
    expect(endOf(ERROR + STOP)).toEqual({ upTo: ERROR, event: "error" });
  });

  test.each(["\n", "\r", "\r\n"])("lines may end with %j", (lineEnd) => {
    const stop = STOP.replaceAll("\n", lineEnd);
    expect(endOf(stop + ": behind")).toEqual({ upTo: stop, event: "message_stop" });
  });

  test.each(['data: {"type":"message_stop"}\n\n', 'data:{ "type": "message_stop" }\n\n'])(
    "an event without a name is known by its type: %j",
    (stop) => {
      expect(endOf(DELTA + stop)).toEqual({ upTo: DELTA + stop, event: "message_stop" });
    },
  );

  test.each([
    ["another event", DELTA],
    ["an end without its blank line", STOP.slice(0, -1)],
    ["a name that only begins like one", "event: error_report\ndata: {}\n\n"],
    ["a model that writes about ends", 'data: {"text":"event: message_stop\\n\\ndata: "}\n\n'],
  ])("%s is none", (_name, text) => {
    expect(endOf(text)).toBeNull();
  });
});
