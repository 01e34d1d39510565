/**
 * Which room of `src/` may import which. This table is the only statement of the rule: the
 * architecture test enforces it and ARCHITECTURE.md prints it.
 */
export interface Room {
  /** Name of the folder in `src/`. */
  readonly name: string;
  readonly holds: string;
  readonly mayImport: readonly Permission[];
}

/**
 * What an arrow allows. `all` = any file of the room; `types` = `import type` only; `contract` =
 * only the files in `CONTRACTS`, so that no one depends on one implementation of several.
 */
export interface Permission {
  readonly room: string;
  readonly extent: "all" | "types" | "contract";
}

/** Files, or folders ending in `/`, that make up the contract of a room. Relative to `src/`. */
export const CONTRACTS: Readonly<Record<string, readonly string[]>> = {
  providers: ["providers/provider.ts"],
  ledger: ["ledger/ledger.ts", "ledger/records/"],
};

const BOTH_CONTRACTS: readonly Permission[] = [contract("providers"), contract("ledger")];

export const ROOMS: readonly Room[] = [
  {
    name: "support",
    holds: "clock, seeded random, ids, invariant, abortable sleep; no domain word",
    mayImport: [],
  },
  {
    name: "messages",
    holds:
      "the one conversation vocabulary (the Anthropic Messages shape): parsing, stream events, server-sent events in and out",
    mayImport: rooms("support"),
  },
  {
    name: "catalogue",
    holds:
      "models: limits, what each rejects, request adaptation, dated prices, the cost of a usage",
    mayImport: rooms("messages", "support"),
  },
  {
    name: "cascade",
    holds:
      "**the pure heart**: tiers, eligibility, verdict protocols and their incremental reader, `decide`, sampling draw, input class, receipt. No I/O, no clock, no async",
    mayImport: rooms("messages", "catalogue", "support"),
  },
  {
    name: "statistics",
    holds: "pure estimators and tests, one per file",
    mayImport: rooms("support"),
  },
  {
    name: "providers",
    holds: "`provider.ts` (the contract) and one folder per implementation",
    mayImport: rooms("messages", "catalogue", "support"),
  },
  {
    name: "ledger",
    holds:
      "`ledger.ts` (the contract), `records/`, one folder per engine with its migrations and writer",
    mayImport: [...types("cascade"), ...rooms("support")],
  },
  {
    name: "router",
    holds:
      "one request end to end: ask the heart, call a provider, stream, record, make the shadow pair; observer port",
    mayImport: [...rooms("cascade", "catalogue", "messages", "support"), ...BOTH_CONTRACTS],
  },
  {
    name: "quality",
    holds: "background queue: shadow pairs, comparing answers, judge and human grades",
    mayImport: [
      ...rooms("cascade", "catalogue", "statistics", "messages", "support"),
      ...BOTH_CONTRACTS,
    ],
  },
  {
    name: "watch",
    holds: "online detectors, threshold controller, alert outbox and channels",
    mayImport: [...types("cascade"), ...rooms("statistics", "support"), contract("ledger")],
  },
  {
    name: "telemetry",
    holds:
      "metrics, traces and the gateway's log: all names in one file, content never, labels bounded",
    mayImport: [...types("cascade", "router"), ...rooms("support"), contract("ledger")],
  },
  {
    name: "datasets",
    holds: "import, export, replay, labels",
    mayImport: [...rooms("cascade", "messages", "catalogue", "support"), ...BOTH_CONTRACTS],
  },
  {
    name: "reports",
    holds: "ledger → statistics → plain report values → text, Markdown, JSON, CSV",
    mayImport: [
      ...rooms("statistics", "catalogue"),
      ...types("cascade"),
      ...rooms("support"),
      contract("ledger"),
    ],
  },
  {
    name: "config",
    holds: "file and environment → one validated frozen value; the only reader of `process.env`",
    mayImport: rooms("cascade", "catalogue", "support"),
  },
  {
    name: "gateway",
    holds:
      "the only room that serves clients: API routes, dashboard files, authentication, limits, drain",
    mayImport: [
      ...rooms("router", "quality", "watch", "reports", "datasets"),
      ...types("cascade"),
      ...rooms("messages", "support"),
      ...BOTH_CONTRACTS,
    ],
  },
  {
    name: "integrations",
    holds: "plugs for client libraries, one folder each",
    mayImport: [...rooms("router", "cascade", "messages", "support"), contract("ledger")],
  },
  {
    name: "compose",
    holds:
      "wires concrete parts into a cascade, a gateway, a set of background workers; the public doors in `src/` use it",
    mayImport: rooms(
      ...["support", "messages", "catalogue", "cascade", "statistics", "providers", "ledger"],
      ...["router", "quality", "watch", "telemetry", "datasets", "reports", "config", "gateway"],
      ...["integrations"],
    ),
  },
  {
    name: "cli",
    holds: "the only room that prints and exits; `commands/<name>.ts`",
    mayImport: [...rooms("compose", "reports", "datasets", "config"), ...types("cascade")].concat(
      rooms("support"),
    ),
  },
];

/**
 * Public doors: the files of `src/` itself, named in `exports` of package.json. They only
 * re-export, and may import every room but `cli`.
 */
export const DOORS: readonly string[] = [
  "index.ts",
  "gateway.ts",
  "statistics.ts",
  "anthropic.ts",
  "ai-sdk.ts",
];

/** Rooms that must stay pure: no I/O, no clock, no randomness, no async. */
export const PURE_ROOMS: readonly string[] = ["cascade", "statistics"];

/** Which rooms may import a run-time dependency. A dependency that is missing here is an error. */
export const PACKAGE_ROOMS: Readonly<Record<string, readonly string[]>> = {
  "@clack/prompts": ["cli"],
  "@opentelemetry/api": ["telemetry"],
  "@opentelemetry/exporter-trace-otlp-http": ["telemetry"],
  "@opentelemetry/resources": ["telemetry"],
  "@opentelemetry/sdk-trace-node": ["telemetry"],
  "@pydantic/genai-prices": ["catalogue"],
  "cli-table3": ["cli"],
  commander: ["cli"],
  "eventsource-parser": ["messages"],
  pino: ["telemetry"],
  "prom-client": ["telemetry"],
  undici: ["providers", "watch"],
  yaml: ["config"],
  zod: ["config", "messages", "datasets", "gateway"],
};

/** The table as Markdown, as ARCHITECTURE.md shows it. */
export function renderRoomTable(table: readonly Room[] = ROOMS): string {
  const rows = table.map(
    (room) => `| \`${room.name}/\` | ${room.holds} | ${renderPermissions(room, table)} |`,
  );
  return ["| room `src/…` | what lives there | may import |", "|---|---|---|", ...rows].join("\n");
}

function renderPermissions(room: Room, table: readonly Room[]): string {
  const missing = table.filter(
    (other) =>
      other.name !== room.name &&
      !room.mayImport.some(({ room: name, extent }) => name === other.name && extent === "all"),
  );
  if (room.mayImport.length === 0) return "–";
  if (missing.length === 1) return `all but ${missing.map(({ name }) => name).join()}`;
  return room.mayImport.map(renderPermission).join(", ");
}

function renderPermission({ room, extent }: Permission): string {
  switch (extent) {
    case "all":
      return room;
    case "types":
      return `${room} (types)`;
    case "contract":
      return `${room} (contract)`;
  }
}

function rooms(...names: readonly string[]): readonly Permission[] {
  return names.map((room) => ({ room, extent: "all" }));
}

function types(...names: readonly string[]): readonly Permission[] {
  return names.map((room) => ({ room, extent: "types" }));
}

function contract(room: string): Permission {
  return { room, extent: "contract" };
}
