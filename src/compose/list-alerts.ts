import type { AlertsConfig } from "../config/alerts-config.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { Alert, AlertFilter } from "../ledger/records/alert.ts";
import type { Job } from "../ledger/records/job.ts";
import { ALERT_EVENTS, notificationId, type AlertEvent } from "../watch/channels/notification.ts";

/** Whether a channel knows of an alert. */
export interface AlertDelivery {
  readonly channel: string;
  readonly event: AlertEvent;
  readonly state: Job["state"];
  readonly tries: number;
  /** Why the last try failed; null when none did. */
  readonly error: string | null;
}

export interface ListedAlert extends Alert {
  /** To the channels of today, as long as the ledger keeps finished work. */
  readonly deliveries: readonly AlertDelivery[];
}

/** Alerts with what became of their notifications, newest first. */
export async function listAlerts(
  { channels }: Pick<AlertsConfig, "channels">,
  ledger: Pick<Ledger, "alerts" | "job">,
  filter: AlertFilter,
  limit: number,
): Promise<readonly ListedAlert[]> {
  const alerts = await ledger.alerts(filter, limit);
  return Promise.all(
    alerts.map(async (alert) => {
      const places = channels.flatMap(({ name }) =>
        ALERT_EVENTS.map((event) => ({ channel: name, event })),
      );
      const found = await Promise.all(
        places.map(async ({ channel, event }): Promise<readonly AlertDelivery[]> => {
          const job = await ledger.job(notificationId(alert.id, event, channel));
          if (job === null) return [];
          const { state, tries, lastError: error } = job;
          return [{ channel, event, state, tries, error }];
        }),
      );
      return { ...alert, deliveries: found.flat() };
    }),
  );
}
