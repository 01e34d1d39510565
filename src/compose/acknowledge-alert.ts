import type { Ledger } from "../ledger/ledger.ts";
import type { Alert } from "../ledger/records/alert.ts";
import type { Clock } from "../support/clock.ts";
import { LeadsmanError } from "../support/leadsman-error.ts";

/**
 * Writes down who looks at an alert. Who was first stays.
 *
 * @throws LeadsmanError `alert_unknown`
 */
export async function acknowledgeAlert(
  ledger: Pick<Ledger, "alert" | "append">,
  id: string,
  by: string,
  clock: Clock,
): Promise<Alert> {
  const found = await ledger.alert(id);
  if (found === null) {
    throw new LeadsmanError(
      "alert_unknown",
      `There is no alert "${id}". \`leadsman alerts list\` shows their ids.`,
    );
  }
  if (found.acknowledgedAtMs !== null) return found;
  const alert = { ...found, acknowledgedAtMs: clock.nowMs(), acknowledgedBy: by };
  await ledger.append([{ kind: "alert", alert }]);
  return alert;
}
