import { firstSchema } from "./001-first-schema.ts";
import { evidenceSchema } from "./002-evidence.ts";
import { tuningLooksSchema } from "./003-tuning-looks.ts";
import { judgeSpendSchema } from "./004-judge-spend.ts";
import { purgeSchema } from "./005-purge.ts";
import { dailyTotalsSchema } from "./006-daily-totals.ts";
import { answerStandingSchema } from "./007-answer-standing.ts";
import { replayBatchesSchema } from "./008-replay-batches.ts";
import { watchSchema } from "./009-watch.ts";
import type { Migration } from "./migration.ts";

/** All steps in order; a new one is a new file and a new last line here. */
export const MIGRATIONS: readonly Migration[] = [
  firstSchema,
  evidenceSchema,
  tuningLooksSchema,
  judgeSpendSchema,
  purgeSchema,
  dailyTotalsSchema,
  answerStandingSchema,
  replayBatchesSchema,
  watchSchema,
];
