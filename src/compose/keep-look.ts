import type { Ledger, TuningLook } from "../ledger/ledger.ts";
import type { Clock } from "../support/clock.ts";
import { createIdSource } from "../support/ids.ts";
import { systemRandomBytes } from "../support/system-random.ts";

/** Writes a look that a guarantee allows once into the audit. To be called before it is shown. */
export async function keepLook(
  ledger: Pick<Ledger, "addTuningLook">,
  look: Omit<TuningLook, "id" | "createdAtMs">,
  clock: Clock,
): Promise<void> {
  const id = createIdSource("look_", clock, systemRandomBytes)();
  await ledger.addTuningLook({ ...look, id, createdAtMs: clock.nowMs() });
}
