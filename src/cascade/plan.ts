import type { Draw } from "./receipt.ts";
import type { Route, RouteMode } from "./route.ts";
import { draw, samplingKey, samplingUnit, type SamplingSubject } from "./sampling.ts";
import type { BypassReason } from "./words.ts";

export interface PlanInput {
  readonly route: Route;
  /** The mode in force, which may differ from the configured one. */
  readonly mode: RouteMode;
  /** Whether the threshold in force was certified. */
  readonly isCertified: boolean;
  /** What `checkEligibility` says; not asked for in mode `off`. */
  readonly bypassReason: BypassReason | null;
  /** In a storm that is bypassed: share of requests that are triaged all the same; null = none. */
  readonly stormProbeShare?: number | null;
  readonly salt: string;
  readonly subject: SamplingSubject;
}

/** What is going to happen to a request, before anything is sent. */
export interface RequestPlan {
  /** The mode this one request is treated in. */
  readonly mode: "off" | "shadow" | "live";
  readonly action: PlannedAction;
  /** The random choices made on the way, chosen or not. */
  readonly draws: readonly Draw[];
}

export type PlannedAction =
  /** The last tier answers at once. */
  | {
      readonly kind: "answer_direct";
      readonly decision: "bypassed" | "control" | "shadowed";
      /** Set when `bypassed`. */
      readonly reason: BypassReason | null;
      /** Whether the first tier is also asked in the background. */
      readonly shadowTriage: boolean;
    }
  /** The tiers are asked from the first one on. */
  | { readonly kind: "climb" };

/** Turns mode, eligibility and draws into one plan. */
export function planRequest(input: PlanInput): RequestPlan {
  const { route, bypassReason } = input;
  const { mode, draws } = requestMode(input);
  if (mode === "off") return { mode, action: bypass("route_off"), draws };
  if (bypassReason !== null) return { mode, action: bypass(bypassReason), draws };
  if (mode === "shadow") {
    const triage = drawFor(input, "triage", route.sampling.triage);
    const action = direct("shadowed", triage.isChosen);
    return { mode, action, draws: [...draws, triage] };
  }
  const control = controlDraw(input);
  if (control.isChosen) {
    return { mode, action: direct("control", false), draws: [...draws, control] };
  }
  const { stormProbeShare = null } = input;
  if (stormProbeShare === null) {
    return { mode, action: { kind: "climb" }, draws: [...draws, control] };
  }
  const probe = drawFor(input, "probe", stormProbeShare);
  const action: PlannedAction = probe.isChosen ? { kind: "climb" } : bypass("storm");
  return { mode, action, draws: [...draws, control, probe] };
}

/** A canary is live for some and shadow for the rest; a missing certificate holds all in shadow. */
function requestMode(input: PlanInput): Pick<RequestPlan, "mode" | "draws"> {
  const { mode, route, isCertified } = input;
  if (mode === "off" || mode === "shadow") return { mode, draws: [] };
  if (route.requireCertificate && !isCertified) return { mode: "shadow", draws: [] };
  if (mode === "live") return { mode, draws: [] };
  const canary = drawFor(input, "canary", mode.canary);
  return { mode: canary.isChosen ? "live" : "shadow", draws: [canary] };
}

/** Says whose draw it was as well, where there is anything to compare. */
function controlDraw(input: PlanInput): Draw {
  const share = input.route.sampling.control;
  const control = drawFor(input, "control", share);
  const unit = share > 0 ? samplingUnit(input.salt, input.subject) : null;
  return unit === null ? control : { ...control, unit };
}

function drawFor(input: PlanInput, purpose: Draw["purpose"], share: number): Draw {
  const { salt, subject } = input;
  return draw({ purpose, salt, key: samplingKey(purpose, subject), share });
}

function bypass(reason: BypassReason): PlannedAction {
  return { kind: "answer_direct", decision: "bypassed", reason, shadowTriage: false };
}

function direct(decision: "control" | "shadowed", shadowTriage: boolean): PlannedAction {
  return { kind: "answer_direct", decision, reason: null, shadowTriage };
}
