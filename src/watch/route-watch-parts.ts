import type { Ledger } from "../ledger/ledger.ts";
import type { NotificationsOf } from "./alert-change.ts";
import type { WatchedRoute } from "./watched-route.ts";

export type WatchLedger = Pick<
  Ledger,
  | "append"
  | "watchStates"
  | "gradedSince"
  | "alerts"
  | "grades"
  | "request"
  | "thresholdVersions"
  | "triageCounts"
>;

export interface RouteWatchParts {
  readonly ledger: WatchLedger;
  readonly route: WatchedRoute;
  /** A threshold above every confidence. */
  readonly neverShip: number;
  readonly notificationsOf: NotificationsOf;
  readonly isCertified: () => boolean;
  /** Random; what this watch's ids are made from when it has no memory yet. */
  readonly nextOrigin: () => string;
  readonly nowMs: () => number;
}
