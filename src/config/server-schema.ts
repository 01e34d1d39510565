import { z } from "zod";
import type { LedgerConfig, ServerConfig } from "./config.ts";
import { LEDGER_FAILURE_POLICIES } from "./config.ts";
import { byteCount, milliseconds, oneOf, secret, wholeNumber, word } from "./setting-kinds.ts";

const MIB = 1024 ** 2;
const LEDGER_URL = "sqlite:<path> or postgres://…";

export const serverSchema: z.ZodType<ServerConfig> = z
  .strictObject({
    host: word("a host name or address")
      .prefault("127.0.0.1")
      .describe("Host name or address to listen on. Anything but loopback requires a token."),
    port: wholeNumber(0, 65_535, "a whole number")
      .prefault(8787)
      .describe("Port to listen on; 0 takes any free one."),
    token: z
      .union([secret("text without blanks"), z.literal("")], "text without blanks")
      .transform((token) => (token === "" ? null : token))
      .nullable()
      .prefault(null)
      .describe(
        "Secret that clients send as `x-leadsman-token`. Without a value here, the environment " +
          "variable LEADSMAN_TOKEN counts; null means that none is asked for.",
      ),
    allowedHosts: z
      .array(word("a host name"), "a list of host names")
      .prefault([])
      .describe(
        "Host names that are answered besides loopback names and `host`; `*` allows any. " +
          "Others get status 421.",
      ),
    earlyOpenMs: milliseconds()
      .prefault(15_000)
      .describe("A stream without an outcome after this time is opened and kept alive by pings."),
    maxConcurrent: wholeNumber(1, 100_000, "a whole number")
      .prefault(1000)
      .describe("Message calls in flight; more are refused as overload."),
    maxInFlightBytes: byteCount(MIB, 1024 * 1024 * MIB)
      .prefault("512 MiB")
      .describe("Request bytes that all calls together may hold in memory."),
    maxBodyBytes: byteCount(1024, 1024 * MIB)
      .prefault("32 MiB")
      .describe("Size of one message call, on the wire and decoded."),
    drainMs: milliseconds(0)
      .prefault(30_000)
      .describe("How long calls may take to end after a stop signal."),
    headersTimeoutMs: milliseconds()
      .prefault(60_000)
      .describe("How long a client may take to send the headers of a request."),
    requestTimeoutMs: milliseconds()
      .prefault(300_000)
      .describe("How long a client may take to send a whole request."),
  })
  .describe("The gateway's own door.");

export const ledgerSchema: z.ZodType<LedgerConfig> = z
  .strictObject({
    url: z
      .string(LEDGER_URL)
      .regex(/^(sqlite:\S.*|postgres(ql)?:\/\/\S+)$/, LEDGER_URL)
      .meta({ title: LEDGER_URL })
      .prefault("sqlite:.leadsman/ledger.db")
      .describe("Where records are kept: `sqlite:<path>` or `postgres://…`."),
    onFailure: oneOf(LEDGER_FAILURE_POLICIES)
      .prefault("serve")
      .describe(
        "While records cannot be written: `serve` answers and counts what is late or lost, " +
          "`refuse` answers with an error, so that nothing is ever missing.",
      ),
    commitTimeoutMs: milliseconds()
      .prefault(2000)
      .describe("How long the end of a response waits for its record to be committed."),
    spillBytes: byteCount(MIB, 64 * 1024 * MIB)
      .prefault("64 MiB")
      .describe("Memory for records that wait for the ledger."),
    bodyRetentionDays: wholeNumber(0, 36_500, "a whole number of days")
      .prefault(14)
      .describe("Days that stored texts are kept. Numbers stay."),
  })
  .describe("The one store of records.");
