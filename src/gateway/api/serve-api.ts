import type { IncomingMessage, ServerResponse } from "node:http";
import { LeadsmanError } from "../../support/leadsman-error.ts";
import { refuse, type GatewayContext } from "../gateway-context.ts";
import { sendJson, type OwnError } from "../own-answer.ts";
import { invalidRequestError, notFoundError, wrongMethodError } from "../own-errors.ts";
import { listAlerts, showAlert } from "./alerts.ts";
import { ApiRefusal, readQuery, type ApiHandler } from "./api-call.ts";
import { listEvidence, showEvidence } from "./evidence.ts";
import { listGrades } from "./grades.ts";
import { dealCard, takeVerdict, undoLastVerdict } from "./grading.ts";
import { postLabels } from "./labels.ts";
import { listPairs } from "./pairs.ts";
import { readJsonBody } from "./read-json-body.ts";
import { showWatch } from "./watch.ts";

interface Resource {
  readonly method: "GET" | "POST";
  readonly handle: ApiHandler;
}

/** By name; `*` stands for an id. A new one is a line here. */
const RESOURCES: ReadonlyMap<string, Resource> = new Map<string, Resource>([
  ["labels", { method: "POST", handle: postLabels }],
  ["evidence", { method: "GET", handle: listEvidence }],
  ["evidence/*", { method: "GET", handle: showEvidence }],
  ["pairs", { method: "GET", handle: listPairs }],
  ["watch", { method: "GET", handle: showWatch }],
  ["grades", { method: "GET", handle: listGrades }],
  ["grading/next", { method: "GET", handle: dealCard }],
  ["grading/verdicts", { method: "POST", handle: takeVerdict }],
  ["grading/undo", { method: "POST", handle: undoLastVerdict }],
  ["alerts", { method: "GET", handle: listAlerts }],
  ["alerts/*", { method: "GET", handle: showAlert }],
]);

/** Answers one call of the API below `/_leadsman/api/v1/`. */
export function serveApi(
  context: GatewayContext,
  target: { readonly resource: string; readonly query: string },
  request: IncomingMessage,
  response: ServerResponse,
): void {
  answerOf(context, target, request).then(
    (json) => {
      sendJson(request, response, 200, json);
    },
    (error: unknown) => {
      refuse(context, request, response, errorOf(error));
    },
  );
}

async function answerOf(
  context: GatewayContext,
  { resource, query }: { readonly resource: string; readonly query: string },
  request: IncomingMessage,
): Promise<string> {
  const [name = "", id] = resource.split("/");
  const exact = RESOURCES.get(resource);
  const found = exact ?? (id === undefined ? undefined : RESOURCES.get(`${name}/*`));
  if (found === undefined) throw new ApiRefusal(notFoundError("There is nothing at this path"));
  const method = request.method === "HEAD" ? "GET" : request.method;
  if (method !== found.method) {
    const allowed = found.method === "GET" ? "GET, HEAD" : "POST";
    throw new ApiRefusal(wrongMethodError(allowed));
  }
  const { ledger } = context;
  if (ledger === null) throw new ApiRefusal(notFoundError("Nothing is recorded by this gateway"));
  const reader = readQuery(query);
  const body = found.method === "POST" ? await readJsonBody(context, request) : {};
  const call = {
    context,
    ledger,
    query: reader,
    body,
    id: exact === undefined ? (id ?? null) : null,
  };
  const value = await found.handle(call);
  return JSON.stringify(value, bigintAsDigits);
}

/** Words of ours go to the caller, those of anything else do not. */
function errorOf(error: unknown): OwnError {
  if (error instanceof ApiRefusal) return error.error;
  if (error instanceof LeadsmanError && error.code === "invalid_page") {
    return invalidRequestError("Parameter after is no cursor of this list");
  }
  return { status: 500, type: "api_error", message: "The ledger could not be read or written" };
}

function bigintAsDigits(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? value.toString() : value;
}
