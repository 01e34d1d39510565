import { parentPort } from "node:worker_threads";
import { assertNever, invariant } from "../../support/invariant.ts";
import type { FromWriter, ToWriter, WriterFaults } from "./writer-protocol.ts";
import { openWriter } from "./writer.ts";
import type { Writer } from "./writer.ts";

// Entry of the writer's thread; `startWriterThread` is its other end.
const port = parentPort;
invariant(port !== null, "the writer runs on a thread of its own");

let writer: Writer | null = null;
let faults: WriterFaults = {};

port.on("message", (message: ToWriter) => {
  const reply = answer(message);
  if (reply !== null) port.postMessage(reply);
});

/** Null = there is nothing to say. */
function answer(message: ToWriter): FromWriter | null {
  switch (message.kind) {
    case "open":
      faults = message.options.faults;
      writer = openWriter(message.options);
      return { kind: "ready" };
    case "commit": {
      invariant(writer !== null, "the file is opened before it is written");
      crashAsOrdered(message.tryNumber === faults.crashBeforeCommitOfTry);
      const reply = writer.commit(message.tryNumber, message.batch);
      crashAsOrdered(message.tryNumber === faults.crashAfterCommitOfTry);
      return reply;
    }
    case "close":
      void close();
      return null;
    default:
      return assertNever(message);
  }
}

async function close(): Promise<void> {
  await writer?.close();
  port?.close();
}

/** What is thrown here is caught by no one, and so ends the thread. */
function crashAsOrdered(isOrdered: boolean): void {
  if (isOrdered) throw new Error("the writer's thread crashed as ordered");
}
