import type { ProtocolChoice } from "../route.ts";
import { createEnvelopeProtocol } from "./envelope.ts";
import { createFieldProtocol } from "./field.ts";
import type { VerdictProtocol } from "./protocol.ts";

/** The protocol of a route. */
export function createProtocol(choice: ProtocolChoice): VerdictProtocol {
  switch (choice.kind) {
    case "envelope":
      return createEnvelopeProtocol();
    case "field":
      return createFieldProtocol(choice.field);
  }
}
