import { z } from "zod";
import { MOVE_POLICIES, STORM_POLICIES, type StormConfig, type WatchConfig } from "./config.ts";
import { amount, milliseconds, oneOf, share } from "./setting-kinds.ts";

export const stormSchema: z.ZodType<StormConfig | null> = z
  .strictObject({
    rate: share()
      .prefault("35%")
      .describe("Escalation rate above which there is a storm, in the route or a class of it."),
    policy: oneOf(STORM_POLICIES)
      .prefault("alert")
      .describe(
        "`alert` tells. `bypass` also stops paying for triage in the class: while the storm lasts, " +
          "nine in ten of its requests go straight to the last tier.",
      ),
  })
  .nullable()
  .prefault({})
  .describe("Storms of escalations in live: when to alarm, and what to do; null = never.");

export const watchSchema: z.ZodType<WatchConfig> = z
  .strictObject({
    raise: oneOf(MOVE_POLICIES)
      .prefault("auto")
      .describe(
        "When more of what ships is wrong than the guarantee allows: `auto` raises the threshold " +
          "by one rung, `alert` says that it would, `off` does not.",
      ),
    lower: oneOf(MOVE_POLICIES)
      .prefault("alert")
      .describe("When the next looser threshold is proved to keep the guarantee: as `raise`."),
    objective: z
      .strictObject({
        usdPerRequest: amount(0.000_001, 1e6, "an amount of US dollars")
          .nullable()
          .prefault(null)
          .describe("What a request is to cost on average, in US dollars; null = no matter."),
        p95LatencyMs: milliseconds()
          .nullable()
          .prefault(null)
          .describe("What 95 % of requests are to take at most; null = no matter."),
      })
      .prefault({})
      .describe("The route's own objective: a lasting breach is told."),
  })
  .prefault({})
  .describe("What is done by itself about a route that runs live.");
