import { hash } from "node:crypto";
import type { Catalogue } from "../../catalogue/catalogue.ts";
import { checkEligibility } from "../../cascade/eligibility.ts";
import { inputClasses } from "../../cascade/input-class.ts";
import type { VerdictProtocol } from "../../cascade/protocols/protocol.ts";
import { REQUESTED_MODEL, type Route } from "../../cascade/route.ts";
import type { BypassReason } from "../../cascade/words.ts";
import type { ParsedRequest } from "../../messages/message-request.ts";
import { parseMessageRequest } from "../../messages/parse-message-request.ts";
import { promptTextBytes } from "../../messages/request-text.ts";
import type { JsonValue } from "../../support/json.ts";
import type { DatasetRow, RowPrompt, RowProblem } from "../rows/dataset-row.ts";
import type { ExportedEvidence } from "../rows/evidence-row.ts";
import type { Line } from "../rows/line-splitter.ts";
import { readRow, type ReadRow } from "../rows/read-row.ts";
import { refuse, RowRefusal } from "../rows/row-members.ts";
import { promptRequest, readRequestPrompt } from "../rows/row-prompt.ts";

/** A row that the models of a route can be asked. */
export interface ReplayRow {
  /** A hash of what is asked, of whom, and how: the same row of the same replay is the same item. */
  readonly itemId: string;
  readonly task: string | null;
  readonly cluster: string | null;
  /** Epoch milliseconds; null when the row does not say. */
  readonly createdAtMs: number | null;
  /** Right answers, any of which will do. */
  readonly ideals: readonly string[];
  readonly parsed: ParsedRequest;
  /** UTF-8 bytes of the prompt's text. */
  readonly promptBytes: number;
  readonly inputClasses: readonly string[];
}

/** What turns lines into rows to ask. */
export interface ReplayRules {
  readonly route: Route;
  readonly protocol: VerdictProtocol;
  readonly catalogue: Catalogue;
  readonly dataset: string;
  /** For rows that name no task. */
  readonly task: string | null;
  /** For prompts that name no model; null = those rows are refused if the last tier needs one. */
  readonly model: string | null;
  /** For prompts that do not say how long an answer may be, in tokens. */
  readonly maxTokens: number;
}

/** What a line is to a replay. */
export type SortedLine =
  | { readonly kind: "row"; readonly row: ReplayRow }
  /** It names another route than the one that is replayed. */
  | { readonly kind: "other_route" }
  /** The route would not triage it. */
  | { readonly kind: "not_eligible"; readonly reason: BypassReason }
  | { readonly kind: "refused"; readonly problem: RowProblem };

/** Reads a line of any format that holds a prompt: rows, batch requests, exported evidence. */
export function sortReplayLine(line: Line, rules: ReplayRules): SortedLine {
  const read = readRow(line);
  if (!read.ok) return { kind: "refused", problem: read.problem };
  try {
    const asked = askedRow(read.value);
    if (asked.route !== null && asked.route !== rules.route.name) return { kind: "other_route" };
    return sortAsked(asked, rules);
  } catch (error) {
    if (error instanceof RowRefusal) return { kind: "refused", problem: error.problem };
    throw error;
  }
}

type AskedRow = Pick<DatasetRow, "id" | "route" | "task" | "cluster" | "createdAtMs" | "ideals"> & {
  readonly prompt: RowPrompt;
};

/** @throws RowRefusal for a line that holds no prompt */
function askedRow(read: ReadRow): AskedRow {
  switch (read.kind) {
    case "row": {
      const { row } = read;
      if (row.prompt === null) refuse("unknown_shape", "has no prompt to replay");
      return { ...row, prompt: row.prompt };
    }
    case "batch_request": {
      const empty = { route: null, task: null, cluster: null, createdAtMs: null, ideals: [] };
      return { ...empty, id: read.customId, prompt: readRequestPrompt(read.params) };
    }
    case "batch_result":
      return refuse("unknown_shape", "is the result of a batch and has no prompt to replay");
    case "evidence":
      return exportedRow(read.row);
  }
}

/** What was asked once can be asked again, of this route: wherever it came from, it has no route. */
function exportedRow({ evidence, bodies }: ExportedEvidence): AskedRow {
  const request = bodies?.["request"];
  if (typeof request !== "string") {
    return refuse("unknown_shape", "is evidence without its request: export it with --bodies");
  }
  const { itemId, task, cluster, createdAtMs } = evidence;
  const ideal = bodies?.["ideal"];
  return {
    id: itemId,
    route: null,
    task,
    cluster,
    createdAtMs,
    ideals: typeof ideal === "string" ? [ideal] : [],
    prompt: readRequestPrompt(parsedJson(request)),
  };
}

function parsedJson(text: string): JsonValue {
  try {
    // JsonValue is, by its definition, what JSON.parse returns.
    return JSON.parse(text) as JsonValue;
  } catch {
    return refuse("invalid_member", "holds a request that is no JSON");
  }
}

function sortAsked(asked: AskedRow, rules: ReplayRules): SortedLine {
  const { route, protocol, catalogue } = rules;
  const model = modelOf(asked.prompt, rules);
  // A virtual name that the prompt holds itself means nothing upstream.
  const request = { ...promptRequest(asked.prompt, model, rules.maxTokens), model };
  const text = JSON.stringify(request);
  const parsing = parseMessageRequest(Buffer.from(text));
  if (!parsing.ok)
    refuse("invalid_member", `holds a request the API would refuse: ${parsing.problem.message}`);
  const parsed = parsing.value;
  const bytes = promptTextBytes(parsed.value);
  const reason = checkEligibility({
    parsed,
    route,
    protocol,
    catalogue,
    model: tierModelOf(route, 0, parsed.value.model),
    promptTextBytes: bytes,
    isBypassAsked: false,
    retryCount: 0,
    hasRecentEscalation: false,
  });
  if (reason !== null) return { kind: "not_eligible", reason };
  const { task, cluster, createdAtMs, ideals } = asked;
  return {
    kind: "row",
    row: {
      itemId: itemIdOf(asked.id, text, rules),
      task: task ?? rules.task,
      cluster,
      createdAtMs,
      ideals,
      parsed,
      promptBytes: bytes,
      inputClasses: inputClasses(parsed.value, bytes),
    },
  };
}

/** The real model that a tier asks for a row whose request names this one. */
export function tierModelOf(
  { tiers }: Pick<Route, "tiers">,
  tier: number,
  requested: string,
): string {
  const model = tiers[tier]?.model ?? REQUESTED_MODEL;
  return model === REQUESTED_MODEL ? requested : model;
}

/** The model that a request is written for. @throws RowRefusal when the last tier needs one */
function modelOf(prompt: RowPrompt, { route, model }: ReplayRules): string {
  const named = prompt.kind === "request" ? prompt.body["model"] : undefined;
  const isVirtual = typeof named === "string" && /leadsman(\/|$|-)/.test(named);
  if (typeof named === "string" && named !== "" && !isVirtual) return named;
  const last = route.tiers.at(-1)?.model ?? REQUESTED_MODEL;
  if (last !== REQUESTED_MODEL) return model ?? last;
  return (
    model ??
    refuse(
      "model_unknown",
      "names no model, and the route's last tier is the one requested: give --model",
    )
  );
}

/** Divides what is hashed, so that moving a letter from one text to the next makes another item. */
const DIVIDER = "\u0000";

function itemIdOf(id: string | null, request: string, rules: ReplayRules): string {
  const { route, protocol, dataset } = rules;
  const models = route.tiers.map(({ model }) => model);
  const parts = ["replay", route.name, dataset, ...models, protocol.promptHash, id ?? "", request];
  return `itm_${hash("sha256", parts.join(DIVIDER)).slice(0, 32)}`;
}
