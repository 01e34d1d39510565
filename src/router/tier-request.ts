import type { Catalogue } from "../catalogue/catalogue.ts";
import { REQUEST_RULES } from "../catalogue/request-rules.ts";
import type { VerdictProtocol } from "../cascade/protocols/protocol.ts";
import { applyEdits, spliceEdits } from "../messages/body-edits.ts";
import type { BodyEdit, ParsedRequest } from "../messages/message-request.ts";

/** What one tier is sent, and how it differs from what the client sent. */
export interface TierRequest {
  readonly body: Uint8Array;
  /** Edits for the tier's model; the verdict's instruction is not among them. */
  readonly edits: readonly BodyEdit[];
}

export interface TierRequestInput {
  readonly parsed: ParsedRequest;
  readonly catalogue: Catalogue;
  /** The real model of the tier. */
  readonly model: string;
  /** Header `anthropic-version`; null when absent. */
  readonly apiVersion: string | null;
}

/** The body of a triage: the client's request as the protocol asks it, fit for the model. */
export function triageTierRequest(
  { parsed, catalogue, model, apiVersion }: TierRequestInput,
  protocol: VerdictProtocol,
): TierRequest {
  const rules = REQUEST_RULES[catalogue.find(model)?.id ?? model];
  const asked = protocol.triageRequest(parsed.value, {
    model,
    maxOutputTokens: catalogue.maxOutputTokens(model),
    thinkingWhenOmitted: rules?.omittedThinking ?? "off",
  });
  const edits = catalogue.adapt(asked, model, apiVersion);
  const text = JSON.stringify({ ...applyEdits(asked, edits), model });
  return { body: Buffer.from(text, "utf8"), edits };
}

/**
 * The body of the last tier: the client's own bytes, but for splices of top-level members.
 *
 * @param wireBytes what goes out when nothing is edited, compressed or not
 * @param isAdapted whether what the model would reject is cut out
 */
export function lastTierRequest(
  { parsed, catalogue, model, apiVersion }: TierRequestInput,
  wireBytes: Uint8Array,
  isAdapted: boolean,
): TierRequest {
  const edits: BodyEdit[] = [];
  if (model !== parsed.value.model) {
    const why = `The route's last tier is ${model}.`;
    edits.push({ op: "set", member: "model", value: model, why });
  }
  if (isAdapted) edits.push(...catalogue.adapt(parsed.value, model, apiVersion));
  return { body: edits.length === 0 ? wireBytes : spliceEdits(parsed.bytes, edits), edits };
}
