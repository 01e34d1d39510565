import { REQUESTED_MODEL, type Route } from "../../cascade/route.ts";
import type { Catalogue } from "../../catalogue/catalogue.ts";
import { createCatalogue } from "../../catalogue/catalogue.ts";
import { DEFAULT_TIMEOUTS } from "../../providers/provider.ts";
import { createRouter } from "../../router/create-router.ts";
import { openRouteBook, type LiveRouteBook } from "../../router/live-route-book.ts";
import type { ActiveRoute } from "../../router/route-book.ts";
import type { Router } from "../../router/router.ts";
import { invariant } from "../../support/invariant.ts";
import { LeadsmanError } from "../../support/leadsman-error.ts";
import { SAMPLING_SALT } from "../open-gateway.ts";
import { prepareCall, type CallOptions, type MessageParams } from "./call-request.ts";
import { startComparing, type Comparing } from "./start-comparing.ts";
import type { CascadeSettings } from "./cascade-options.ts";
import { createCascadeRoutes, type CascadeRoutes } from "./cascade-routes.ts";
import { startInProcessCall, type InProcessCall } from "./in-process-call.ts";
import type { ResponseConsumer } from "./in-process-call.ts";
import { createLabelProtocol } from "./label-protocol.ts";
import { createReceiptDesk } from "./receipt-desk.ts";
import type { Receipt } from "./receipt.ts";

/** One call to be made. */
export interface CallPlan {
  readonly requestId: string;
  readonly params: MessageParams;
  readonly options: CallOptions;
  /** Null = a message. */
  readonly classification: ClassificationPlan | null;
}

export interface ClassificationPlan {
  readonly labels: readonly string[];
  /** Of every tier but the last; null = those of the route. */
  readonly threshold: number | null;
}

/** A call under way. */
export interface EngineCall extends Omit<InProcessCall, "settled"> {
  /** Resolves when the call is over; null when nothing was sent. */
  readonly receipt: Promise<Receipt | null>;
}

/** Router, routes and receipts of a cascade. */
export interface CascadeEngine {
  readonly requestIds: CascadeSettings["requestIds"];
  readonly catalogue: Catalogue;
  /** Model of the last tier; null when it is the one that is requested. */
  readonly lastModel: string | null;
  /**
   * Makes a call. What `consumer` hears may come before this resolves.
   *
   * @throws LeadsmanError `invalid_call`, `cascade_closed`
   * @throws CascadeApiError `request_invalid`
   */
  begin(plan: CallPlan, consumer: ResponseConsumer): Promise<EngineCall>;
  close(signal: AbortSignal): Promise<void>;
}

/** Nothing is opened before the first call. */
export function createCascadeEngine(settings: CascadeSettings): CascadeEngine {
  const { route, classifyRoute, clock, requestIds } = settings;
  const catalogue = createCatalogue();
  const desk = createReceiptDesk();
  const underWay = new Set<InProcessCall>();
  let opening: Promise<OpenParts> | null = null;
  let closing: Promise<void> | null = null;
  const lastTier = route.tiers.at(-1);
  const lastModel =
    lastTier === undefined || lastTier.model === REQUESTED_MODEL ? null : lastTier.model;

  const open = (): Promise<OpenParts> => {
    opening ??= openParts(settings, catalogue, desk).catch((error: unknown) => {
      // The next call may find the ledger well again.
      opening = null;
      throw error;
    });
    return opening;
  };

  const begin: CascadeEngine["begin"] = async (plan, consumer) => {
    if (closing !== null) throw closedError();
    const { requestId, params, options, classification } = plan;
    const routeName = (classification === null ? route : classifyRoute).name;
    const target = { requestId, route: routeName, defaultModel: lastModel };
    const { headers, parsed } = prepareCall(params, options, target);
    const { router, routes } = await open();
    if (isClosing()) throw closedError();
    desk.expect(requestId);
    const call = startInProcessCall(
      {
        id: requestId,
        path: "/v1/messages",
        headers,
        wireBytes: parsed.bytes,
        parsed,
        arrivedMonotonicMs: clock.monotonicMs(),
      },
      consumer,
      (request, sink) => {
        const start = (): Promise<void> => router.handleMessages(request, sink);
        if (classification === null) return start();
        return routes.withVariant(variantFor(routes, classifyRoute, classification), start);
      },
    );
    underWay.add(call);
    const receipt = call.settled
      .finally(() => underWay.delete(call))
      .then(() => desk.take(requestId));
    // Whoever asks for the receipt hears of a failure; nobody may.
    receipt.catch(() => undefined);
    return { proceed: call.proceed, leave: call.leave, receipt };
  };
  const isClosing = (): boolean => closing !== null;

  return {
    requestIds,
    catalogue,
    lastModel,
    begin,
    close: (signal) => (closing ??= closeParts(opening, underWay, settings, signal)),
  };
}

interface OpenParts {
  readonly router: Router;
  readonly routes: CascadeRoutes;
  readonly book: LiveRouteBook;
  readonly comparing: Comparing | null;
}

/** An early head would turn a later upstream status into an event, and nobody here needs pings. */
const NEVER_EARLY_MS = 2 ** 31 - 1;

const COMMIT_TIMEOUT_MS = 2_000;

async function openParts(
  settings: CascadeSettings,
  catalogue: Catalogue,
  desk: ReturnType<typeof createReceiptDesk>,
): Promise<OpenParts> {
  const { route, classifyRoute, ledger, clock, providers } = settings;
  // A ledger that cannot be asked for a while leaves thresholds and mode as they are.
  const book = await openRouteBook([route, classifyRoute], ledger, clock, () => undefined);
  const routes = createCascadeRoutes(book);
  const passthroughProvider = route.tiers.at(-1)?.provider;
  invariant(passthroughProvider !== undefined, "a cascade has a last tier");
  const comparing = startComparing(settings);
  const router = createRouter({
    routes,
    providers,
    passthroughProvider,
    timeoutsOf: () => DEFAULT_TIMEOUTS,
    catalogue,
    ledger,
    onLedgerFailure: "serve",
    commitTimeoutMs: COMMIT_TIMEOUT_MS,
    earlyOpenMs: NEVER_EARLY_MS,
    clock,
    salt: SAMPLING_SALT,
    observers: [desk],
    ...(comparing === null ? {} : { jobsOf: comparing.jobsOf }),
  });
  return { router, routes, book, comparing };
}

/** The classification route as it stands, for these labels. */
function variantFor(
  routes: CascadeRoutes,
  { name }: Route,
  { labels, threshold }: ClassificationPlan,
): ActiveRoute {
  const active = routes.current().find((candidate) => candidate.route.name === name);
  invariant(active !== undefined, "a cascade has a route for classifications");
  const variant = { ...active, protocol: createLabelProtocol(active.protocol, labels) };
  if (threshold === null) return variant;
  const tiers = active.route.tiers.map((tier) =>
    tier.threshold === null ? tier : { ...tier, threshold },
  );
  const route = { ...active.route, tiers };
  // Whatever was applied or certified was another threshold.
  return { ...variant, route, thresholdVersionId: null, isCertified: false };
}

async function closeParts(
  opening: Promise<OpenParts> | null,
  underWay: ReadonlySet<InProcessCall>,
  { ownProviders }: CascadeSettings,
  signal: AbortSignal,
): Promise<void> {
  const leaveAll = (): void => {
    for (const call of underWay) call.leave();
  };
  if (signal.aborted) leaveAll();
  else signal.addEventListener("abort", leaveAll, { once: true });
  // An opening that fails has told its call.
  const parts = await opening?.catch(() => null);
  await Promise.allSettled([...underWay].map((call) => call.settled));
  signal.removeEventListener("abort", leaveAll);
  if (parts != null) {
    await parts.router.drain(signal);
    await parts.comparing?.worker.stop(signal);
    parts.book.close();
  }
  await Promise.all(ownProviders.map((provider) => provider.close()));
}

/** For calls that come after `close`, and for those that it has given up. */
export function closedError(): LeadsmanError {
  return new LeadsmanError(
    "cascade_closed",
    "There is no answer: the cascade was closed. Create another one for further calls.",
  );
}
