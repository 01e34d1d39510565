import { parentPort } from "node:worker_threads";
import { assertNever, invariant } from "../../support/invariant.ts";
import type { FromImporter, ToImporter } from "./import-protocol.ts";
import { openImportStage } from "./import-stage.ts";
import type { ImportStage } from "./import-stage.ts";

// Entry of the thread that stages and moves an import; `importItems` is its other end.
const port = parentPort;
invariant(port !== null, "an import is staged on a thread of its own");

let stage: ImportStage | null = null;

port.on("message", (message: ToImporter) => {
  void answer(message)
    .catch((error: unknown): FromImporter => {
      return { kind: "failed", message: error instanceof Error ? error.message : String(error) };
    })
    .then((reply) => {
      port.postMessage(reply);
      if (reply.kind !== "failed" && reply.kind !== "moved") return;
      stage?.close();
      port.close();
    });
});

async function answer(message: ToImporter): Promise<FromImporter> {
  if (message.kind === "open") {
    stage = openImportStage(message.path, message.stagePath, message.nowMs);
    return { kind: "ready" };
  }
  invariant(stage !== null, "the stage is opened before it is filled");
  switch (message.kind) {
    case "stage":
      stage.add(message.batch);
      return { kind: "staged" };
    case "move":
      return { kind: "moved", ...(await stage.move()) };
    default:
      return assertNever(message);
  }
}
