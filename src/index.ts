/**
 * Cascades as a library.
 *
 * @module leadsman
 */
export { createCascade } from "./compose/create-cascade.ts";
export type { Cascade, CascadeMessage, CascadeMessages } from "./compose/library/cascade.ts";
export { messageText } from "./compose/library/cascade.ts";
export type {
  ApiAccess,
  CascadeOptions,
  ProviderOption,
  TierOption,
} from "./compose/library/cascade-options.ts";
export type {
  CallOptions,
  MessageParams,
  MessageParamsTurn,
} from "./compose/library/call-request.ts";
export type {
  CascadeStream,
  CascadeStreamEvent,
  CascadeStreamListeners,
} from "./compose/library/cascade-stream.ts";
export type { Classified, ClassifyTask } from "./compose/library/classify.ts";
export { CascadeApiError } from "./compose/library/cascade-api-error.ts";
export type { CascadeApiErrorCode } from "./compose/library/cascade-api-error.ts";
export { LeadsmanError } from "./support/leadsman-error.ts";

export { receiptOf } from "./compose/library/receipt.ts";
export type { Receipt } from "./compose/library/receipt.ts";
export { formatUsd, formatUsdExact } from "./reports/format-usd.ts";
export type { Attempt, Draw, NanoUsd, RequestRecord, TokenCounts } from "./cascade/receipt.ts";
export type { RouteMode, Sampling } from "./cascade/route.ts";
export type {
  AttemptOutcome,
  AttemptRole,
  BypassReason,
  DecisionWord,
  EscalationReason,
} from "./cascade/words.ts";
export type { ContentBlock, Message, StopReason, StreamEvent, Usage } from "./messages/message.ts";
export type { BodyEdit } from "./messages/message-request.ts";

export type {
  HttpHeaders,
  Provider,
  UpstreamCall,
  UpstreamFailure,
  UpstreamHead,
  UpstreamRequest,
  UpstreamSink,
  UpstreamTimeouts,
} from "./providers/provider.ts";
export { createAnthropicProvider } from "./providers/anthropic/anthropic-provider.ts";
export type {
  AnthropicProviderOptions,
  UpstreamAuth,
} from "./providers/anthropic/anthropic-provider.ts";
export { createSimulatedProvider } from "./providers/simulated/simulated-provider.ts";
export type {
  SimulatedProvider,
  SimulatedProviderOptions,
} from "./providers/simulated/simulated-provider.ts";

export { openSqliteLedger } from "./ledger/sqlite/open-sqlite-ledger.ts";
export type { SqliteLedgerOptions } from "./ledger/sqlite/open-sqlite-ledger.ts";
export type { Ledger } from "./ledger/ledger.ts";
export { systemClock } from "./support/clock.ts";
export type { Clock } from "./support/clock.ts";
