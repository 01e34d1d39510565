import { createCatalogue, DEFAULT_DEEP_MODEL, type Catalogue } from "../catalogue/catalogue.ts";
import { bodyHash } from "../cascade/body-hash.ts";
import { checkEligibility, checkModelFit } from "../cascade/eligibility.ts";
import { planRequest, type RequestPlan } from "../cascade/plan.ts";
import { createProtocol } from "../cascade/protocols/create-protocol.ts";
import type { VerdictProtocol } from "../cascade/protocols/protocol.ts";
import { REQUESTED_MODEL, type Tier } from "../cascade/route.ts";
import { selectRoute } from "../cascade/select-route.ts";
import type { BypassReason } from "../cascade/words.ts";
import type { LeadsmanConfig } from "../config/config.ts";
import type { BodyEdit, ParsedRequest } from "../messages/message-request.ts";
import { parseMessageRequest } from "../messages/parse-message-request.ts";
import { promptTextBytes } from "../messages/request-text.ts";
import { lastTierRequest, triageTierRequest } from "../router/tier-request.ts";
import { LeadsmanError } from "../support/leadsman-error.ts";
import { SAMPLING_SALT } from "./open-gateway.ts";
import type { RouteInForce } from "./routes-in-force.ts";

/** What is asked about: a request that is never sent. */
export interface ExplainedRequest {
  /** JSON of a `/v1/messages` body. */
  readonly body: string;
  /** As header `x-leadsman-route` would say it; null = by the model. */
  readonly routeName: string | null;
}

/** What a gateway would do with a request. */
export interface RequestExplanation {
  readonly requestedModel: string;
  readonly selection: ExplainedSelection;
  /** Null when no route applies. */
  readonly plan: RequestPlan | null;
  /** Why the request would not be triaged; null when it would, or when no route applies. */
  readonly bypassReason: BypassReason | null;
  readonly tiers: readonly ExplainedTier[];
}

export type ExplainedSelection =
  | { readonly kind: "route"; readonly route: RouteInForce; readonly isVirtual: boolean }
  | { readonly kind: "passthrough" }
  | { readonly kind: "problem"; readonly status: number; readonly message: string };

/** One step that the request could take. */
export interface ExplainedTier {
  readonly index: number;
  readonly role: "triage" | "answer";
  readonly model: string;
  readonly isRequestedModel: boolean;
  readonly provider: string;
  readonly isSimulated: boolean;
  readonly threshold: number | null;
  /** Why this tier's model cannot triage the request; null when it can, and on the last tier. */
  readonly unfit: BypassReason | null;
  /** Whether the plan reaches this tier: the last one always may be, a triage only when eligible. */
  readonly isAsked: boolean;
  /** What is changed in the client's request, besides the verdict's instruction. */
  readonly edits: readonly BodyEdit[];
  /** Last tier: the edits that an escalation would bring, which are more than those of a bypass. */
  readonly editsWhenEscalated: readonly BodyEdit[];
  /** The body that would be sent. */
  readonly body: string;
}

/** The API version a request is taken to be written for. */
const API_VERSION = "2023-06-01";

/**
 * Makes the plan for a request without sending anything. Draws that go by request (triage, shadow,
 * grade, band) are those of the id `req_try`, so they only show the probabilities.
 *
 * @throws LeadsmanError `request_invalid` when the body is no request of the Messages API
 */
export function explainRequest(
  config: LeadsmanConfig,
  routes: readonly RouteInForce[],
  asked: ExplainedRequest,
): RequestExplanation {
  const parsed = parseRequest(asked.body);
  const requestedModel = parsed.value.model;
  const selection = selectRoute({
    requestedModel,
    routeHeader: asked.routeName,
    routes: routes.map(({ route }) => route),
  });
  const nothing = { requestedModel, plan: null, bypassReason: null, tiers: [] };
  if (selection.kind === "passthrough") return { ...nothing, selection };
  const inForce =
    selection.kind === "route" ? routes.find(({ route }) => route === selection.route) : undefined;
  if (selection.kind === "problem" || inForce === undefined) {
    const { status, message } = selection.kind === "problem" ? selection : NO_ROUTE;
    return { ...nothing, selection: { kind: "problem", status, message } };
  }
  const catalogue = createCatalogue({ overrides: config.prices });
  const protocol = createProtocol(inForce.route.protocol);
  const { isVirtual } = selection;
  const bypassReason = bypassOf(inForce, { catalogue, protocol, parsed });
  const plan = planFor(inForce, parsed, bypassReason);
  const context: TierContext = { config, catalogue, protocol, parsed, isVirtual, plan };
  const { tiers } = inForce.route;
  return {
    requestedModel,
    selection: { kind: "route", route: inForce, isVirtual },
    plan,
    bypassReason,
    tiers: tiers.map((tier, index) =>
      index === tiers.length - 1
        ? explainLastTier(tier, index, context)
        : explainTriage(tier, index, context),
    ),
  };
}

/** The body to ask about when there is only a prompt. */
export function bodyForPrompt(
  config: Pick<LeadsmanConfig, "routes">,
  prompt: string,
  asked: { readonly model: string | null; readonly routeName: string | null },
): string {
  const { routes } = config;
  const route = routes.find(({ name }) => name === asked.routeName) ?? routes[0];
  const lastModel = route?.tiers.at(-1)?.model ?? REQUESTED_MODEL;
  const model = asked.model ?? (lastModel === REQUESTED_MODEL ? DEFAULT_DEEP_MODEL : lastModel);
  return JSON.stringify({ model, max_tokens: 1024, messages: [{ role: "user", content: prompt }] });
}

const NO_ROUTE = { status: 500, message: "The selected route is not configured." };

function parseRequest(body: string): ParsedRequest {
  const parsed = parseMessageRequest(Buffer.from(body, "utf8"));
  if (parsed.ok) return parsed.value;
  throw new LeadsmanError(
    "request_invalid",
    `Upstream would refuse this: ${parsed.problem.message}`,
  );
}

interface RequestContext {
  readonly catalogue: Catalogue;
  readonly protocol: VerdictProtocol;
  readonly parsed: ParsedRequest;
}

interface TierContext extends RequestContext {
  readonly config: LeadsmanConfig;
  readonly isVirtual: boolean;
  readonly plan: RequestPlan;
}

function bypassOf({ route }: RouteInForce, context: RequestContext): BypassReason | null {
  const { catalogue, protocol, parsed } = context;
  if (route.mode === "off") return "route_off";
  return checkEligibility({
    parsed,
    route,
    protocol,
    model: realModel(route.tiers[0], parsed),
    catalogue,
    promptTextBytes: promptTextBytes(parsed.value),
    isBypassAsked: false,
    retryCount: 0,
    hasRecentEscalation: false,
  });
}

function planFor(
  { route, isCertified }: RouteInForce,
  { value, bytes }: ParsedRequest,
  bypassReason: BypassReason | null,
): RequestPlan {
  return planRequest({
    route,
    mode: route.mode,
    isCertified,
    bypassReason,
    salt: SAMPLING_SALT,
    subject: {
      user: null,
      metadataUserId: value.metadata?.user_id ?? null,
      bodyHash: bodyHash(value, bytes),
      requestId: "req_try",
    },
  });
}

function explainTriage(tier: Tier, index: number, context: TierContext): ExplainedTier {
  const { catalogue, protocol, parsed, plan } = context;
  const model = realModel(tier, parsed);
  const promptBytes = promptTextBytes(parsed.value);
  const { body, edits } = triageTierRequest(
    { parsed, catalogue, model, apiVersion: API_VERSION },
    protocol,
  );
  const isInShadow = plan.action.kind === "answer_direct" && plan.action.shadowTriage;
  return {
    ...describeTier(tier, index, context),
    role: "triage",
    model,
    unfit: checkModelFit({ request: parsed.value, model, catalogue, promptTextBytes: promptBytes }),
    isAsked: plan.action.kind === "climb" || (isInShadow && index === 0),
    edits,
    editsWhenEscalated: [],
    body: Buffer.from(body).toString("utf8"),
  };
}

/** Only what was climbed to, and what stands for it, is adapted; all else goes out as it came. */
function explainLastTier(tier: Tier, index: number, context: TierContext): ExplainedTier {
  const { parsed, plan, isVirtual } = context;
  const { action } = plan;
  const isAdapted = action.kind === "climb" || action.decision === "control";
  const isRenamed = isAdapted || isVirtual;
  const model = isRenamed ? realModel(tier, parsed) : parsed.value.model;
  const input = { parsed, catalogue: context.catalogue, apiVersion: API_VERSION };
  const { body, edits } = lastTierRequest({ ...input, model }, parsed.bytes, isAdapted);
  const deepModel = realModel(tier, parsed);
  const escalated = lastTierRequest({ ...input, model: deepModel }, parsed.bytes, true);
  return {
    ...describeTier(tier, index, context),
    role: "answer",
    model,
    unfit: null,
    isAsked: true,
    edits,
    editsWhenEscalated: escalated.edits,
    body: Buffer.from(body).toString("utf8"),
  };
}

function describeTier(
  tier: Tier,
  index: number,
  { config }: TierContext,
): Pick<ExplainedTier, "index" | "isRequestedModel" | "provider" | "isSimulated" | "threshold"> {
  return {
    index,
    isRequestedModel: tier.model === REQUESTED_MODEL,
    provider: tier.provider,
    isSimulated: config.providers[tier.provider]?.kind === "simulated",
    threshold: tier.threshold,
  };
}

function realModel(tier: Tier | undefined, parsed: ParsedRequest): string {
  const model = tier?.model ?? REQUESTED_MODEL;
  return model === REQUESTED_MODEL ? parsed.value.model : model;
}
