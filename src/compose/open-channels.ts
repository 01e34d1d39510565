import type { AlertsConfig } from "../config/alerts-config.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { JobHandler } from "../quality/jobs/job-handler.ts";
import type { Clock } from "../support/clock.ts";
import { createNotificationPlan, type NotificationPlan } from "../watch/channels/notification.ts";
import { createNotifyJobs } from "../watch/channels/notify-jobs.ts";
import { createChannelTeller, type ToldAlert } from "./channel-teller.ts";

/** The configured channels, and the outbox that leads to them. */
export interface OpenChannels {
  /** The jobs that tell of an alert; to be appended in one commit with it. */
  readonly notificationsOf: NotificationPlan;
  /** Does those jobs. */
  readonly jobs: JobHandler;
  close(): Promise<void>;
}

export interface OpenChannelsOptions {
  readonly alerts: AlertsConfig;
  readonly ledger: Pick<Ledger, "job" | "alerts">;
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
    jobs: createNotifyJobs({ ledger, channels, tell: teller.tell, clock }),
    close: () => teller.close(),
  };
}
