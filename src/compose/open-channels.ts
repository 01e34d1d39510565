import type { AlertsConfig } from "../config/alerts-config.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { JobHandler } from "../quality/jobs/job-handler.ts";
import type { Clock } from "../support/clock.ts";
import {
  createNotificationPlan,
  NOTIFY_KIND,
  type NotificationPlan,
} from "../watch/channels/notification.ts";
import { createNotifyJobs } from "../watch/channels/notify-jobs.ts";
import { createChannelTeller, type ToldAlert } from "./channel-teller.ts";

/** The configured channels, and the outbox that leads to them. */
export interface OpenChannels {
  /** The jobs that tell of an alert; to be appended in one commit with it. */
  readonly notificationsOf: NotificationPlan;
  /** Who does those jobs, and gives up what is left of channels that are configured no longer. */
  jobs(): Promise<readonly JobHandler[]>;
  close(): Promise<void>;
}

export interface OpenChannelsOptions {
  readonly alerts: AlertsConfig;
  readonly ledger: Pick<Ledger, "job" | "alerts" | "jobCounts">;
  readonly clock: Clock;
  /** Writes to the log of this process, for channels of kind `stdout`. */
  readonly write: (alert: ToldAlert) => void;
}

/** Wires channels to the network, and to the outbox in the ledger. */
export function openChannels({ alerts, ledger, clock, write }: OpenChannelsOptions): OpenChannels {
  const { channels } = alerts;
  const teller = createChannelTeller(alerts, clock, write);
  return {
    notificationsOf: createNotificationPlan(channels, clock),
    jobs: async () => {
      const kinds = (await ledger.jobCounts({})).map(({ kind }) => kind);
      const leftKinds = kinds.filter((kind) => kind.startsWith(NOTIFY_KIND));
      return createNotifyJobs({ ledger, channels, leftKinds, tell: teller.tell, clock });
    },
    close: () => teller.close(),
  };
}
