import type { VerdictProtocol } from "../cascade/protocols/protocol.ts";
import { createProtocol } from "../cascade/protocols/create-protocol.ts";
import { routeVersionId } from "../cascade/route-version.ts";
import type { Route, RouteMode, Tier } from "../cascade/route.ts";
import type { Ledger, ModeChange, ThresholdVersion } from "../ledger/ledger.ts";
import type { Clock } from "../support/clock.ts";
import { certificateStands, readLatestTriages } from "./certificate-stands.ts";
import type { ActiveRoute, RouteBook } from "./route-book.ts";

/** A route book that follows the ledger: what an operator applies elsewhere is taken over here. */
export interface LiveRouteBook extends RouteBook {
  /** Looks for changes now instead of at the next poll. */
  refresh(): Promise<void>;
  close(): void;
}

/** Changes must be taken over within two seconds; this leaves time for a slow read. */
const POLL_MS = 1_000;

/** How long a certificate may go on after upstream has begun to answer with another model. */
const CERTIFICATE_POLLS = 30;

export interface RouteBookOptions {
  /** Mode changes made before the opening do not count: the command line has the say. */
  readonly ignoresEarlierModes?: boolean;
}

/**
 * Opens the configured routes with the thresholds and modes that the ledger says are in force.
 *
 * @param ledger null = the configured values hold for good
 * @param onError told when the ledger cannot be asked; the last known state stays in force
 */
export async function openRouteBook(
  configured: readonly Route[],
  ledger: Ledger | null,
  clock: Clock,
  onError: (error: unknown) => void,
  { ignoresEarlierModes = false }: RouteBookOptions = {},
): Promise<LiveRouteBook> {
  const protocols = new Map<string, VerdictProtocol>(
    configured.map((route) => [route.name, createProtocol(route.protocol)]),
  );
  /** By id: a clock that was set back tells nothing of before and after. */
  const earlierModes = new Set<string>();
  let isOpening = true;
  let active: readonly ActiveRoute[] = [];
  let settingsCounter = -1;
  let polls = 0;
  let hasCertificate = false;

  async function refresh(): Promise<void> {
    const counter = ledger === null ? 0 : await ledger.settingsCounter();
    polls += 1;
    const isDue = polls % CERTIFICATE_POLLS === 0 && hasCertificate;
    if (counter === settingsCounter && !isDue) return;
    active = await Promise.all(configured.map(activate));
    settingsCounter = counter;
  }
  async function activate(route: Route): Promise<ActiveRoute> {
    const thresholds = (await ledger?.thresholdVersions(route.name)) ?? [];
    const modes = (await ledger?.modeChanges(route.name)) ?? [];
    if (isOpening) for (const { id } of modes) earlierModes.add(id);
    const protocol = protocols.get(route.name) ?? createProtocol(route.protocol);
    const isCertificate = thresholds.some(({ certificate }) => certificate !== null);
    hasCertificate ||= isCertificate;
    const triages =
      ledger === null || !isCertificate ? [] : await readLatestTriages(ledger, route.name);
    const inForce = applySettings(
      route,
      thresholds,
      modes,
      { isEarlier: ({ id }) => earlierModes.has(id), ignoresEarlierModes },
      (certificate) =>
        certificateStands(certificate, { route, promptHash: protocol.promptHash, triages }),
    );
    const versionId = routeVersionId(inForce.route);
    await ledger?.saveRouteVersion({
      id: versionId,
      createdAtMs: clock.nowMs(),
      route: inForce.route,
    });
    return { ...inForce, versionId, protocol };
  }

  await refresh();
  isOpening = false;
  const timer = setInterval(() => {
    refresh().catch(onError);
  }, POLL_MS);
  timer.unref();
  return {
    current: () => active,
    refresh,
    close: () => {
      clearInterval(timer);
    },
  };
}

/**
 * The route as it stands: per tier the newest threshold version, and the newest mode change, each
 * as long as the configured value is still the one it was made against. A mode change that came
 * while the gateway ran holds in any case: whoever made it may know the configured mode from a file
 * that was edited since, or from one that the command line had overruled.
 *
 * @param thresholds newest first
 * @param modes newest first
 * @param running the gateway that is to obey; absent: one that would start now
 * @param stands whether a certificate still speaks of what is in use
 */
export function applySettings(
  route: Route,
  thresholds: readonly ThresholdVersion[],
  modes: readonly ModeChange[],
  running: RunningGateway = { isEarlier: () => true, ignoresEarlierModes: false },
  stands: (certificate: string) => boolean = () => true,
): Pick<ActiveRoute, "route" | "thresholdVersionId" | "isCertified"> {
  const versions = route.tiers.map((tier, index) => {
    const newest = thresholds.find((version) => version.tier === index);
    return newest?.configuredThreshold === tier.threshold ? newest : null;
  });
  const tiers = route.tiers.map((tier, index): Tier => {
    const version = versions[index];
    return version ? { ...tier, threshold: version.threshold } : tier;
  });
  const modeChange = modes[0];
  const isModeChanged = modeChange !== undefined && counts(modeChange, route, running);
  const ids = versions.flatMap((version) => (version ? [version.id] : []));
  return {
    route: { ...route, tiers, mode: isModeChanged ? modeChange.mode : route.mode },
    thresholdVersionId: ids.length === 0 ? null : ids.join(","),
    isCertified: areCertified(versions.slice(0, -1), stands),
  };
}

/** A certificate speaks of the thresholds of all tiers together, so they must have one. */
function areCertified(
  versions: readonly (ThresholdVersion | null)[],
  stands: (certificate: string) => boolean,
): boolean {
  const certificates = new Set(versions.map((version) => version?.certificate ?? null));
  const [certificate = null] = certificates;
  return certificates.size <= 1 && certificate !== null && stands(certificate);
}

interface RunningGateway {
  /** Whether a change was there when the gateway was opened. */
  isEarlier(change: ModeChange): boolean;
  readonly ignoresEarlierModes: boolean;
}

function counts(change: ModeChange, route: Route, running: RunningGateway): boolean {
  if (!running.isEarlier(change)) return true;
  return !running.ignoresEarlierModes && sameMode(change.configuredMode, route.mode);
}

function sameMode(one: RouteMode, other: RouteMode): boolean {
  if (typeof one === "string" || typeof other === "string") return one === other;
  return one.canary === other.canary;
}
