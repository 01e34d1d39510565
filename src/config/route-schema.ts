import { z } from "zod";
import {
  BODY_POLICIES,
  NEVER_SHIP,
  REQUESTED_MODEL,
  type ProtocolChoice,
  type Tier,
} from "../cascade/route.ts";
import { candidateProblems, candidatesSchema } from "./candidate-schema.ts";
import type { RouteConfig } from "./config.ts";
import { GUARANTEE_TARGETS } from "./config.ts";
import { compareSchema, judgeSchema } from "./grading-schema.ts";
import { isOneModel } from "./one-model.ts";
import { DEFAULT_PROVIDER } from "./provider-schema.ts";
import {
  amount,
  flag,
  milliseconds,
  NAME_WANTED,
  NEVER_WORD,
  oneOf,
  settingName,
  share,
  threshold,
  wholeNumber,
  word,
} from "./setting-kinds.ts";
import { stormSchema, watchSchema } from "./watch-schema.ts";

const MAX_TIERS = 8;
const TIERS = `a list of 1 to ${MAX_TIERS} models, cheapest first`;
const TIER = "the name of a model or { model, provider, threshold }";
const MODE = "one of off, shadow, live, or { canary: 5% }";
const PROTOCOL = "the word envelope or { field: confidence }";

const tier = z
  .union(
    [
      word("the name of a model"),
      z.strictObject({
        model: word("the name of a model").describe(
          "A model id, or `requested`, the model that the client named (last tier only).",
        ),
        provider: settingName()
          .prefault(DEFAULT_PROVIDER)
          .describe("Name of one of the `providers`."),
        threshold: threshold()
          .optional()
          .describe("This tier's own threshold instead of the route's; not on the last tier."),
      }),
    ],
    TIER,
  )
  .transform((given) =>
    typeof given === "string"
      ? { model: given, provider: DEFAULT_PROVIDER, threshold: undefined }
      : { threshold: undefined, ...given },
  );

const sampling = z
  .strictObject({
    triage: share()
      .prefault("100%")
      .describe("In shadow: share of requests that also get a triage in the background."),
    shadow: share()
      .prefault("1%")
      .describe("In live: share of shipped answers that also get a deep answer."),
    grade: share().prefault("1%").describe("In live: share of shipped answers to be graded."),
    gradePerDay: wholeNumber(0, 1_000_000, "a whole number")
      .prefault(30)
      .describe("In live: `grade` is raised so that a UTC day has so many graded; 0 = no floor."),
    control: share()
      .prefault("1%")
      .describe("In live: share of requests sent deep without triage, to measure."),
    band: share()
      .prefault("5%")
      .describe("In live: share of near misses whose triage may run to its end."),
    candidate: share()
      .prefault("5%")
      .describe("In live: share of escalated requests that the `candidates` are asked about too."),
  })
  .prefault({})
  .describe("Random shares that evidence is gathered from. `0%` means none.");

const limits = z
  .strictObject({
    triageTimeoutMs: milliseconds()
      .prefault(10_000)
      .describe("A triage without a confidence after this time escalates."),
    backgroundUsdPerDay: amount(0, 1e9, "an amount of US dollars")
      .nullable()
      .prefault(50)
      .describe("Spending limit of background calls per UTC day in US dollars; null = none."),
  })
  .prefault({})
  .describe("Limits of time and money.");

const guarantee = z
  .strictObject({
    target: oneOf(GUARANTEE_TARGETS)
      .prefault("joint")
      .describe(
        "`joint`: shipped and wrong, as a share of all requests. `selective`: wrong, as a share " +
          "of the shipped. `relative`: accuracy lost against the last tier.",
      ),
    atMost: share().prefault("5%").describe("Largest share that is acceptable."),
    confidence: share().prefault("95%").describe("Probability with which the claim must hold."),
  })
  .nullable()
  .prefault(null)
  .describe("What `tune` is to prove, and what is watched in live; null = joint, 5 %, 95 %.");

const settings = z.strictObject({
  name: settingName().describe(
    `Unique among the routes; clients call it as \`leadsman/<name>\`. ${NAME_WANTED}.`,
  ),
  match: z
    .strictObject({
      model: word("a pattern such as claude-opus-*")
        .nullable()
        .prefault(null)
        .describe("Requested models that the route takes; `*` stands for any text."),
    })
    .prefault({})
    .describe("Which requests the route takes besides those that name it. First match wins."),
  tiers: z
    .array(tier, TIERS)
    .min(1, TIERS)
    .max(MAX_TIERS, TIERS)
    .describe("Models from the cheapest to the deepest; each a name or an object."),
  candidates: candidatesSchema,
  threshold: threshold()
    .prefault(0.8)
    .describe("Confidence (0 to 1) from which an answer ships; `never` ships none."),
  mode: z
    .union(
      [
        oneOf(["off", "shadow", "live"]),
        z.strictObject({
          canary: share().describe("Share of requests that run live; the rest is shadow."),
        }),
      ],
      MODE,
    )
    .prefault("shadow")
    .describe("`off`, `shadow` (answers do not change), `{ canary: 5% }` or `live`."),
  protocol: z
    .union(
      [
        oneOf(["envelope"]),
        z.strictObject({
          field: word("the name of a field").describe(
            "Top-level number in the client's own output schema that is the confidence.",
          ),
        }),
      ],
      PROTOCOL,
    )
    .prefault("envelope")
    .describe("How a tier states its confidence."),
  sampling,
  limits,
  allowTools: flag().prefault(false).describe("Whether requests that offer tools may be triaged."),
  requireCertificate: flag()
    .prefault(false)
    .describe("Live only with a certified threshold; until then the route stays in shadow."),
  bodies: oneOf(BODY_POLICIES).prefault("graded").describe("Whose texts the ledger keeps."),
  guarantee,
  storm: stormSchema,
  watch: watchSchema,
  compare: compareSchema,
  judge: judgeSchema,
});

type RouteSettings = z.output<typeof settings>;

export const routeSchema: z.ZodType<RouteConfig> = settings
  .superRefine((route, context) => {
    const last = route.tiers.length - 1;
    const refuse = (path: (string | number)[], code: string, message: string): void => {
      context.addIssue({ code: "custom", path, message, params: { code } });
    };
    for (const [index, { model, threshold }] of route.tiers.entries()) {
      if (index === last && threshold !== undefined) {
        const message = "must not be set: the last tier answers whatever reaches it.";
        refuse(["tiers", index, "threshold"], "last_tier_threshold", message);
      }
      if (route.judge !== null && isOneModel(route.judge.model, model)) {
        const message = `is ${route.judge.model}, which is one of the route's own: nobody judges itself.`;
        refuse(["judge", "model"], "judge_is_arm", message);
      }
      if (index < last && model === REQUESTED_MODEL) {
        const message = `is \`${REQUESTED_MODEL}\`, which only the last tier may be.`;
        refuse(["tiers", index], "requested_not_last", message);
      }
    }
    for (const { path, code, message } of candidateProblems(route)) refuse(path, code, message);
    if (route.compare.kind === "judge" && route.judge === null) {
      refuse(
        ["compare"],
        "judge_missing",
        "is judge, but the route has no judge: add judge.model.",
      );
    }
  })
  .transform(toRoute);

function toRoute(route: RouteSettings): RouteConfig {
  const { match, tiers, threshold: routeThreshold, protocol, candidates, ...kept } = route;
  const { candidate: candidateShare, ...sampling } = route.sampling;
  return {
    ...kept,
    // A route that tries nothing is what it was before there were candidates, down to its version.
    ...(candidates.length === 0
      ? { sampling }
      : { candidates, sampling: { ...sampling, candidate: candidateShare } }),
    matchModel: match.model,
    tiers: tiers.map(({ model, provider, threshold }, index): Tier => ({
      model,
      provider,
      threshold: index === tiers.length - 1 ? null : thresholdOf(threshold ?? routeThreshold),
    })),
    protocol: toProtocol(protocol),
  };
}

function thresholdOf(given: number | typeof NEVER_WORD): number {
  return given === NEVER_WORD ? NEVER_SHIP : given;
}

function toProtocol(given: "envelope" | { readonly field: string }): ProtocolChoice {
  return given === "envelope" ? { kind: "envelope" } : { kind: "field", field: given.field };
}
