import { CARD_VERDICTS } from "../../quality/grading/blind-card.ts";
import { openGradingDesk, type GradingDesk } from "../../quality/grading/grading-desk.ts";
import type { GradingProblem } from "../../quality/grading/grading-verdict.ts";
import { itemKey, type GradingScope } from "../../quality/grading/scan-items.ts";
import type { JsonObject } from "../../support/json.ts";
import { notFoundError } from "../own-errors.ts";
import { ApiRefusal, refuseCall, type ApiCall } from "./api-call.ts";
import {
  graderMember,
  idMember,
  noteMember,
  refuseUnknownMembers,
  orRefuse,
} from "./body-members.ts";
import { doubtRoute } from "./doubt-route.ts";

/** Desks kept open; the one that was used longest ago goes first, and opens anew when asked. */
const MAX_DESKS = 32;

/** How long an open card keeps others from its item. */
const HELD_MS = 30 * 60_000;

const DEFAULT_GRADER = "operator";

/**
 * Answers `GET grading/next?route=&grader=` with `{ card, counts }`: the same blind card until it has
 * a verdict. Without one, `card` is null and `nothing` says why and what to do.
 */
export async function dealCard(call: ApiCall): Promise<object> {
  const { query } = call;
  const grader = orRefuse(graderMember({ grader: query.text("grader") }));
  const scope: GradingScope = {
    route: query.text("route"),
    fromConfidence: query.share("from_confidence"),
    fromMs: query.time("from"),
    isForBounds: !query.flag("all"),
  };
  query.end();
  const desk = deskOf(call, scope, grader ?? DEFAULT_GRADER);
  const card = await desk.next();
  if (card !== null) return { card, counts: desk.counts() };
  const nothing = await desk.whyNothing();
  if (nothing.reason === "no_evidence") doubtRoute(call.context, scope.route);
  return { card: null, counts: desk.counts(), nothing };
}

/**
 * Answers `POST grading/verdicts` with `{ reveal, agreement }`: whose answers they were, and how far
 * the grader agrees with themselves by now.
 */
export async function takeVerdict(call: ApiCall): Promise<object> {
  const { body, query } = call;
  query.end();
  refuseUnknownMembers(body, ["card_id", "item_id", "tier", "verdict", "grader", "note"]);
  const { itemId, tier, grader } = readItem(body);
  const cardId = orRefuse(idMember(body, "card_id")) ?? refuseCall('"card_id" is wanted');
  const verdict = CARD_VERDICTS.find((word) => word === body["verdict"]);
  if (verdict === undefined) {
    return refuseCall(`"verdict" must be one of ${CARD_VERDICTS.join(", ")}`);
  }
  const note = orRefuse(noteMember(body));
  const desk = latestDesk(call, grader);
  const result = await desk.give({ cardId, itemId, tier, verdict, note });
  if (!result.ok) throw refusalOf(result.problem);
  for (const open of call.context.api.desks.values()) {
    if (open.grader === grader) open.desk.settle(cardId);
  }
  return { reveal: result.value, agreement: await desk.agreement() };
}

/** Answers `POST grading/undo` with `{ card }`: the verdict is taken back, and its card comes next. */
export async function undoLastVerdict(call: ApiCall): Promise<object> {
  const { body, query } = call;
  query.end();
  refuseUnknownMembers(body, ["item_id", "tier", "grader"]);
  const { itemId, tier, grader } = readItem(body);
  const result = await latestDesk(call, grader).undo({ itemId, tier });
  if (!result.ok) throw refusalOf(result.problem);
  return { card: result.value };
}

function readItem(body: JsonObject): {
  readonly itemId: string;
  readonly tier: number;
  readonly grader: string;
} {
  const { tier } = body;
  if (typeof tier !== "number" || !Number.isSafeInteger(tier) || tier < 0) {
    return refuseCall('"tier" must be that of the card');
  }
  const itemId = orRefuse(idMember(body, "item_id")) ?? refuseCall('"item_id" is wanted');
  return { itemId, tier, grader: orRefuse(graderMember(body)) ?? DEFAULT_GRADER };
}

function deskOf(call: ApiCall, scope: GradingScope, grader: string): GradingDesk {
  const { context } = call;
  const { desks } = context.api;
  const key = JSON.stringify([grader, scope]);
  const desk = desks.get(key)?.desk ?? newDesk(call, scope, grader);
  desks.delete(key);
  desks.set(key, { grader, desk, usedAtMs: context.clock.nowMs() });
  const [oldest] = desks.keys();
  if (desks.size > MAX_DESKS && oldest !== undefined) desks.delete(oldest);
  return desk;
}

/** The item of a card that another grader has open is left to them, for a while. */
function newDesk({ context, ledger }: ApiCall, scope: GradingScope, grader: string): GradingDesk {
  const { api, clock } = context;
  return openGradingDesk(ledger, scope, grader, clock, (item) => {
    const sinceMs = clock.nowMs() - HELD_MS;
    return [...api.desks.values()].some((other) => {
      if (other.grader === grader || other.usedAtMs < sinceMs) return false;
      const card = other.desk.current();
      return card !== null && itemKey(card) === itemKey(item);
    });
  });
}

/** The desk that the grader used last, so that a card taken back comes up where they sit. */
function latestDesk(call: ApiCall, grader: string): GradingDesk {
  const open = [...call.context.api.desks.values()].findLast((one) => one.grader === grader);
  const everything = { route: null, fromConfidence: null, fromMs: null, isForBounds: true };
  return open?.desk ?? deskOf(call, everything, grader);
}

function refusalOf(problem: GradingProblem): ApiRefusal {
  const message = SENTENCES[problem];
  if (problem === "unknown_item") return new ApiRefusal(notFoundError(message));
  const status = problem === "verdict_unfit" ? 400 : 409;
  return new ApiRefusal({ status, type: "invalid_request_error", message });
}

const SENTENCES: Readonly<Record<GradingProblem, string>> = {
  unknown_item: "There is no evidence of this item and tier",
  no_texts: "The texts of this item are not kept, or no longer; ask for the next card",
  verdict_unfit:
    "This card does not take that verdict; `verdicts` of the card lists those it takes",
  card_outdated: "This card is of another grader or time; ask for the next card",
  already_answered: "This card has another verdict already; take that back first",
  nothing_to_undo: "This grader has no standing verdict on the item",
};
