import { createProtocol } from "../../cascade/protocols/create-protocol.ts";
import { REQUESTED_MODEL, type Route } from "../../cascade/route.ts";
import type { BatchModels } from "./batch-join.ts";

/** What the parts of a batch need to know, from the route they are for. */
export function batchModels({ tiers, protocol }: Pick<Route, "tiers" | "protocol">): BatchModels {
  const cheap = tiers[0]?.model;
  const deep = tiers.at(-1)?.model;
  const verdicts = createProtocol(protocol);
  return {
    sideOf: (model) => {
      if (model === cheap) return "cheap";
      return model === deep || deep === REQUESTED_MODEL ? "deep" : null;
    },
    readVerdict: (text) => {
      const reader = verdicts.createReader();
      reader.push(text);
      const state = reader.end();
      if (state.kind !== "complete") return { confidence: null, answer: text };
      const isWrapped = verdicts.shippedForm === "answer";
      return { confidence: state.confidence, answer: isWrapped ? reader.takeAnswerText() : text };
    },
  };
}
