import { z } from "zod";
import { REQUESTED_MODEL } from "../cascade/route.ts";
import { DEFAULT_CHEAP_MODEL } from "../catalogue/models.ts";
import { alertsSchema } from "./alert-schema.ts";
import type { LeadsmanConfig } from "./config.ts";
import { pricesSchema } from "./price-schema.ts";
import { providersSchema } from "./provider-schema.ts";
import { routeSchema } from "./route-schema.ts";
import { ledgerSchema, serverSchema } from "./server-schema.ts";
import { telemetrySchema } from "./telemetry-schema.ts";

const MAX_ROUTES = 1000;
const ROUTES = `a list of at most ${MAX_ROUTES} routes`;

/** The file's vocabulary. Its input side is what people write, its output what the rooms read. */
export const configSchema: z.ZodType<LeadsmanConfig> = z.strictObject({
  version: z.literal(1, "1").prefault(1).describe("Version of this vocabulary."),
  server: serverSchema.prefault({}),
  providers: providersSchema,
  routes: z
    .array(routeSchema, ROUTES)
    .max(MAX_ROUTES, ROUTES)
    .prefault([
      {
        name: "default",
        match: { model: "claude-*" },
        tiers: [DEFAULT_CHEAP_MODEL, REQUESTED_MODEL],
      },
    ])
    .describe("Named cascades in the order of matching. An empty list passes everything through."),
  prices: pricesSchema,
  ledger: ledgerSchema.prefault({}),
  telemetry: telemetrySchema.prefault({}),
  alerts: alertsSchema.prefault({}),
});
