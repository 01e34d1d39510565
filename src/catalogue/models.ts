import type { ModelFacts, PriceBand } from "./model-facts.ts";

/** Day on which the rows of this table were last checked against the vendor's pages. */
export const CATALOGUE_DATE = "2026-11-23";

/** The model that triages unless something else is configured. */
export const DEFAULT_CHEAP_MODEL = "claude-haiku-4-5";

/** The model that answers what is escalated unless something else is configured. */
export const DEFAULT_DEEP_MODEL = "claude-opus-4-7";

const PRICING_PAGE = "platform.claude.com about-claude/pricing, autumn 2026";

/** What holds for every row unless it says otherwise. */
const ANY_MODEL = {
  aliases: [],
  vendor: "anthropic",
  asOf: CATALOGUE_DATE,
  source: PRICING_PAGE,
  priceSource: `catalogue ${CATALOGUE_DATE}`,
  batchFactor: "0.5",
  fastFactor: null,
  released: null,
  retires: null,
  retiresNotBefore: null,
  restriction: null,
} as const;

/** Opus 4.6, Sonnet 4.6 and later, but for the tokenizer of the two. */
const LARGE_WINDOW = {
  ...ANY_MODEL,
  contextTokens: 1_000_000,
  maxOutputTokens: 128_000,
  tokenizer: "2026",
  maxImages: 600,
  maxPdfPages: 600,
  usInferenceFactor: "1.1",
} as const;

/** The 4.5 generation. Asking for inference in the United States is an error there. */
const SMALL_WINDOW = {
  ...ANY_MODEL,
  contextTokens: 200_000,
  maxOutputTokens: 64_000,
  tokenizer: "2024",
  maxImages: 100,
  maxPdfPages: 100,
  usInferenceFactor: "1",
} as const;

const FABLE_PRICES = band("10", "50", "12.50", "20", "1.00");
const FABLE_5_1_PRICES = band("10", "50", "12.50", "20", "0.25");
const FABLE_5_2_PRICES = band("8", "40", "10", "16", "0.20");
const OPUS_PRICES = band("5", "25", "6.25", "10", "0.50");
const SONNET_4_PRICES = band("3", "15", "3.75", "6", "0.30");
const SONNET_5_PRICES = band("2", "10", "2.50", "4", "0.20");

const MYTHOS_RESTRICTION = "only organisations that the vendor has verified";

const FABLE_5 = {
  ...LARGE_WINDOW,
  bands: [FABLE_PRICES],
  minCacheableTokens: 512,
  status: "legacy",
  released: "2026-06-09",
  retiresNotBefore: "2027-06-09",
} as const;

const FABLE_5_1 = {
  ...LARGE_WINDOW,
  bands: [FABLE_5_1_PRICES],
  minCacheableTokens: 512,
  status: "legacy",
  released: "2026-09-01",
} as const;

const FABLE_5_2 = {
  ...LARGE_WINDOW,
  source: "docs.apiyi.com claude-fable-5-2-launch and two price trackers, November 2026",
  bands: [FABLE_5_2_PRICES],
  fastFactor: "2",
  minCacheableTokens: 512,
  status: "current",
  released: "2026-11-09",
} as const;

/** Every model whose prices and limits are known, strongest family first. */
export const MODELS: readonly ModelFacts[] = [
  { ...FABLE_5_2, id: "claude-fable-5-2" },
  { ...FABLE_5_2, id: "claude-mythos-5-2", restriction: MYTHOS_RESTRICTION },
  { ...FABLE_5_1, id: "claude-fable-5-1" },
  { ...FABLE_5_1, id: "claude-mythos-5-1", restriction: MYTHOS_RESTRICTION },
  { ...FABLE_5, id: "claude-fable-5" },
  { ...FABLE_5, id: "claude-mythos-5", restriction: MYTHOS_RESTRICTION },
  {
    ...LARGE_WINDOW,
    id: "claude-opus-5-5",
    source: "platform.claude.com models/opus-5-5/overview, autumn 2026",
    bands: [band("4", "20", "5", "8", "0.20")],
    fastFactor: "2",
    // Not on a page that could be read; the value of its generation.
    minCacheableTokens: 512,
    status: "current",
    released: "2026-09-22",
  },
  {
    ...LARGE_WINDOW,
    id: "claude-opus-5",
    bands: [OPUS_PRICES],
    fastFactor: "2",
    minCacheableTokens: 512,
    status: "legacy",
    retiresNotBefore: "2027-07-24",
  },
  {
    ...LARGE_WINDOW,
    id: "claude-opus-4-8",
    bands: [OPUS_PRICES],
    fastFactor: "2",
    minCacheableTokens: 1024,
    status: "legacy",
    retiresNotBefore: "2027-05-28",
  },
  {
    ...LARGE_WINDOW,
    id: "claude-opus-4-7",
    bands: [OPUS_PRICES],
    minCacheableTokens: 2048,
    status: "legacy",
    released: "2026-04-16",
    retiresNotBefore: "2027-04-16",
  },
  {
    ...LARGE_WINDOW,
    id: "claude-opus-4-6",
    bands: [OPUS_PRICES],
    tokenizer: "2024",
    minCacheableTokens: 4096,
    status: "legacy",
    retiresNotBefore: "2027-02-05",
  },
  {
    ...SMALL_WINDOW,
    id: "claude-opus-4-5",
    aliases: ["claude-opus-4-5-20251101"],
    bands: [OPUS_PRICES],
    minCacheableTokens: 4096,
    status: "legacy",
    retiresNotBefore: "2026-11-24",
  },
  {
    ...LARGE_WINDOW,
    id: "claude-sonnet-5-5",
    source: "platform.claude.com models/sonnet-5-5/overview, autumn 2026",
    bands: [SONNET_5_PRICES, { ...SONNET_5_PRICES, fromDate: "2026-10-07", cacheRead: "0.10" }],
    minCacheableTokens: 512,
    status: "current",
    released: "2026-09-28",
  },
  {
    ...LARGE_WINDOW,
    id: "claude-sonnet-5",
    bands: [SONNET_5_PRICES],
    minCacheableTokens: 1024,
    status: "legacy",
    retiresNotBefore: "2027-06-30",
  },
  {
    ...LARGE_WINDOW,
    id: "claude-sonnet-4-6",
    bands: [SONNET_4_PRICES],
    tokenizer: "2024",
    minCacheableTokens: 1024,
    status: "legacy",
    retiresNotBefore: "2027-02-17",
  },
  {
    ...SMALL_WINDOW,
    id: "claude-sonnet-4-5",
    aliases: ["claude-sonnet-4-5-20250929"],
    bands: [SONNET_4_PRICES],
    minCacheableTokens: 1024,
    status: "deprecated",
    retires: "2026-11-30",
  },
  {
    ...LARGE_WINDOW,
    id: "claude-haiku-5-5",
    source: "platform.claude.com models/haiku-5-5/overview, autumn 2026",
    bands: [
      band("0.10", "0.50", "0.125", "0.20", "0.01"),
      { ...band("0.50", "2.50", "0.625", "1.00", "0.05"), promptTokensOver: 100_000 },
    ],
    minCacheableTokens: 512,
    status: "current",
    released: "2026-10-07",
    retiresNotBefore: "2027-10-07",
  },
  {
    ...SMALL_WINDOW,
    id: "claude-haiku-4-5",
    aliases: ["claude-haiku-4-5-20251001"],
    bands: [band("1", "5", "1.25", "2", "0.10")],
    minCacheableTokens: 4096,
    status: "legacy",
    retiresNotBefore: "2026-10-15",
  },
];

/** In the order of the vendor's price table. */
function band(
  input: string,
  output: string,
  cacheWrite5m: string,
  cacheWrite1h: string,
  cacheRead: string,
): PriceBand {
  return { input, output, cacheWrite5m, cacheWrite1h, cacheRead };
}
