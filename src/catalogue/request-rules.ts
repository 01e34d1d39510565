/** Levels of `output_config.effort`, weakest first. */
export const EFFORTS = ["low", "medium", "high", "xhigh", "max"] as const;
export type Effort = (typeof EFFORTS)[number];

/** What a model makes of the parameters of a request; one row of the table below. */
export interface RequestRules {
  /**
   * `temperature`, `top_p`, `top_k`. `one_of_two`: accepted, but not `temperature` and `top_p`
   * together. `rejected`: any value but the default is an error.
   */
  readonly sampling: "accepted" | "one_of_two" | "rejected";
  /** What a request without `thinking` gets. */
  readonly omittedThinking: "off" | "on";
  /** Thinking of type `enabled` with `budget_tokens` (at least 1,024, below `max_tokens`). */
  readonly enabledThinking: "accepted" | "deprecated" | "rejected";
  readonly adaptiveThinking: "accepted" | "rejected";
  /** Thinking of type `disabled`. `up_to_high`: not together with an effort above `high`. */
  readonly disabledThinking: "accepted" | "up_to_high" | "rejected";
  /** Thinking of type `between_tools`. `up_to_high`: not together with an effort above `high`. */
  readonly betweenToolsThinking: "up_to_high" | "rejected";
  /** Accepted efforts, weakest first; empty = the parameter itself is an error. */
  readonly efforts: readonly Effort[];
  /** Effort of a request that names none; null where there is none to name. */
  readonly defaultEffort: Effort | null;
  /** A last message of the assistant, to be continued. */
  readonly prefill: "accepted" | "rejected";
  /** `tool_choice` of type `any` or `tool`. */
  readonly forcedToolChoice: "accepted" | "not_with_enabled_thinking" | "rejected";
  /** `output_config.format` of type `json_schema`. */
  readonly jsonSchemaFormat: "accepted";
  /** Messages of role `system` among the others. */
  readonly systemRole: "accepted" | "rejected";
  /** `speed: "fast"`. `beta`: with a beta header only. `ignored`: runs at standard speed. */
  readonly fastSpeed: "accepted" | "beta" | "ignored" | "rejected";
  /** Thinking between tool calls; `budget_tokens` may then be above `max_tokens`. */
  readonly interleavedThinking: boolean;
  /** A documented safety classifier that ends answers with stop reason `refusal`. */
  readonly hasSafetyClassifier: boolean;
}

/**
 * First API version under which the sampling parameters are errors on every model, whatever their
 * value. Versions are dates, so later ones compare greater.
 */
export const API_VERSION_WITHOUT_SAMPLING = "2026-10-21";

const UP_TO_HIGH = ["low", "medium", "high"] as const;
const WITHOUT_XHIGH = ["low", "medium", "high", "max"] as const;

const HAIKU_4_5: RequestRules = {
  sampling: "one_of_two",
  omittedThinking: "off",
  enabledThinking: "accepted",
  adaptiveThinking: "rejected",
  disabledThinking: "accepted",
  betweenToolsThinking: "rejected",
  efforts: [],
  defaultEffort: null,
  prefill: "accepted",
  forcedToolChoice: "not_with_enabled_thinking",
  jsonSchemaFormat: "accepted",
  systemRole: "rejected",
  fastSpeed: "rejected",
  interleavedThinking: false,
  hasSafetyClassifier: false,
};

const SONNET_4_6: RequestRules = {
  sampling: "accepted",
  omittedThinking: "off",
  enabledThinking: "deprecated",
  adaptiveThinking: "accepted",
  disabledThinking: "accepted",
  betweenToolsThinking: "rejected",
  efforts: WITHOUT_XHIGH,
  defaultEffort: "high",
  prefill: "rejected",
  forcedToolChoice: "accepted",
  jsonSchemaFormat: "accepted",
  systemRole: "rejected",
  fastSpeed: "rejected",
  interleavedThinking: true,
  hasSafetyClassifier: false,
};

const OPUS_4_7: RequestRules = {
  ...SONNET_4_6,
  sampling: "rejected",
  enabledThinking: "rejected",
  efforts: EFFORTS,
};

const SONNET_5: RequestRules = { ...OPUS_4_7, omittedThinking: "on" };

const OPUS_5: RequestRules = {
  ...OPUS_4_7,
  omittedThinking: "on",
  disabledThinking: "up_to_high",
  systemRole: "accepted",
  fastSpeed: "beta",
  hasSafetyClassifier: true,
};

const OPUS_5_5: RequestRules = {
  ...OPUS_5,
  disabledThinking: "rejected",
  defaultEffort: "medium",
  forcedToolChoice: "rejected",
  fastSpeed: "accepted",
};

const FABLE_5_1: RequestRules = {
  ...OPUS_5_5,
  defaultEffort: "high",
  fastSpeed: "rejected",
};

const FABLE_5: RequestRules = { ...FABLE_5_1, forcedToolChoice: "accepted" };
const FABLE_5_2: RequestRules = { ...FABLE_5_1, fastSpeed: "accepted" };

/**
 * Parameter × model under API version 2023-06-01, by canonical model id. Sources: the vendor's
 * pages on thinking, effort, structured outputs, fast mode and migration, and its error messages.
 */
export const REQUEST_RULES: Readonly<Record<string, RequestRules>> = {
  "claude-fable-5-2": FABLE_5_2,
  "claude-mythos-5-2": FABLE_5_2,
  "claude-fable-5-1": FABLE_5_1,
  "claude-mythos-5-1": FABLE_5_1,
  "claude-fable-5": FABLE_5,
  "claude-mythos-5": FABLE_5,
  "claude-opus-5-5": OPUS_5_5,
  "claude-opus-5": OPUS_5,
  "claude-opus-4-8": { ...OPUS_4_7, systemRole: "accepted", fastSpeed: "beta" },
  "claude-opus-4-7": OPUS_4_7,
  "claude-opus-4-6": { ...SONNET_4_6, fastSpeed: "ignored" },
  "claude-opus-4-5": { ...HAIKU_4_5, efforts: UP_TO_HIGH, defaultEffort: "high" },
  "claude-sonnet-5-5": {
    ...SONNET_5,
    disabledThinking: "rejected",
    betweenToolsThinking: "up_to_high",
    forcedToolChoice: "rejected",
    systemRole: "accepted",
    hasSafetyClassifier: true,
  },
  "claude-sonnet-5": SONNET_5,
  "claude-sonnet-4-6": SONNET_4_6,
  "claude-sonnet-4-5": HAIKU_4_5,
  "claude-haiku-5-5": {
    ...OPUS_5,
    defaultEffort: "medium",
    fastSpeed: "rejected",
  },
  "claude-haiku-4-5": HAIKU_4_5,
};
