import { LeadsmanError } from "../../support/leadsman-error.ts";
import type { DeskRequest } from "./desk-requests.ts";

/** Sends one request and resolves when its answer is complete. Rejects as the SDK does. */
export type DeskClient = (request: DeskRequest, signal: AbortSignal) => Promise<void>;

/** Not in the source as a literal: what is published does not depend on it. */
const SDK_PACKAGE = "@anthropic-ai/sdk";

/**
 * Makes clients of Anthropic's own SDK, so that the demonstration shows what an application sees.
 *
 * @throws LeadsmanError `sdk_missing` when the SDK is not installed
 */
export async function loadDeskClient(): Promise<(baseUrl: string) => DeskClient> {
  const Anthropic = await loadSdk();
  return (baseUrl) => {
    const client = new Anthropic({
      baseURL: baseUrl,
      apiKey: "no-key-needed",
      // A failure is to be seen, not to be smoothed over.
      maxRetries: 0,
      logLevel: "off",
    });
    return async ({ isStreaming, params }, signal) => {
      if (isStreaming) await client.messages.stream(params, { signal }).finalMessage();
      else await client.messages.create(params, { signal });
    };
  };
}

/** As much of the SDK as is used here. */
type Sdk = new (options: Readonly<Record<string, unknown>>) => {
  readonly messages: {
    create(params: unknown, options: { readonly signal: AbortSignal }): Promise<unknown>;
    stream(
      params: unknown,
      options: { readonly signal: AbortSignal },
    ): { finalMessage(): Promise<unknown> };
  };
};

async function loadSdk(): Promise<Sdk> {
  const module = await importSdk();
  const hasDefault = typeof module === "object" && module !== null && "default" in module;
  const sdk: unknown = hasDefault ? module.default : undefined;
  if (isSdk(sdk)) return sdk;
  throw new LeadsmanError(
    "sdk_missing",
    `${SDK_PACKAGE} has no default export to make clients of.`,
  );
}

async function importSdk(): Promise<unknown> {
  try {
    return await import(SDK_PACKAGE);
  } catch (error) {
    throw new LeadsmanError(
      "sdk_missing",
      `The demo sends its traffic through ${SDK_PACKAGE}, which is not installed here. ` +
        `\`npm install ${SDK_PACKAGE}\` brings it; in a checkout, \`npm ci\` does.`,
      { cause: error },
    );
  }
}

function isSdk(value: unknown): value is Sdk {
  return typeof value === "function" && "prototype" in value;
}
