import type { Result } from "../support/result.ts";
import type { ConfigProblem } from "./config-problem.ts";
import { loadConfig, type LoadConfigOptions, type LoadedConfig } from "./load-config.ts";

/** Loads a text as `leadsman.yaml`; null stands for no such file. For tests. */
export function loadText(
  text: string | null,
  options: Partial<Omit<LoadConfigOptions, "readFile">> = {},
): Result<LoadedConfig, readonly ConfigProblem[]> {
  const readFile = (path: string): string | null => (path === "leadsman.yaml" ? text : null);
  return loadConfig({ path: null, env: {}, readFile, ...options });
}

/** A usual file. */
export const SAMPLE_CONFIG = `version: 1
server: { host: 127.0.0.1, port: 8787 }
providers:
  anthropic: { baseUrl: "https://api.anthropic.com", auth: passthrough }
routes:
  - name: support
    match: { model: "claude-opus-*" }
    tiers: [claude-haiku-4-5, claude-opus-4-7]
    threshold: 0.8
    mode: live
    sampling: { shadow: 1%, grade: 1%, control: 1% }
    guarantee: { target: joint, atMost: 5%, confidence: 95% }
    storm: { rate: 35% }
ledger: { url: "sqlite:.leadsman/ledger.db" }
`;

/** Uses every setting and every way of writing one. */
export const FULL_CONFIG = `version: 1
server:
  host: 0.0.0.0
  port: \${PORT}
  token: \${TOKEN}
  allowedHosts: [gateway.internal, "\${HOST_NAME:-other.internal}"]
  earlyOpenMs: 1000
  maxConcurrent: 10
  maxInFlightBytes: 64 MiB
  maxBodyBytes: 1048576
  drainMs: 0
  headersTimeoutMs: 2000
  requestTimeoutMs: 3000
providers:
  eu: { apiKey: "\${KEY}", baseUrl: "https://eu.example/api/", timeouts: { connectMs: 1, firstByteMs: 2, idleMs: 3, totalMs: 4 } }
  trial: { kind: simulated }
routes:
  - name: one
    match: { model: "claude-opus-*" }
    tiers: [claude-haiku-4-5, { model: claude-sonnet-4-6, provider: eu, threshold: 0.9 }, requested]
    threshold: never
    mode: { canary: 2.5% }
    protocol: { field: certainty }
    sampling: { triage: 50%, shadow: 0.25, grade: 0%, control: 0, band: 1 }
    limits: { triageTimeoutMs: 500, backgroundUsdPerDay: null }
    allowTools: true
    requireCertificate: true
    bodies: none
    guarantee: { target: selective, atMost: 1.1%, confidence: 0.9 }
    storm: { rate: 35% }
  - name: two_2
    tiers: [{ model: my-model, provider: trial }]
    candidates: [{ model: other-model, provider: trial }, { model: claude-sonnet-4-6, provider: eu }]
    sampling: { candidate: 2.5% }
prices:
  - model: my-model
    inputUsdPerMTok: 0.5
    outputUsdPerMTok: "2.5"
    cacheReadUsdPerMTok: 0.05
    cacheWrite5mUsdPerMTok: 0.6
    cacheWrite1hUsdPerMTok: 1
    contextTokens: 100000
    maxOutputTokens: 8000
ledger:
  url: "postgres://leadsman:\${PASSWORD}@db.internal/leadsman"
  onFailure: refuse
  commitTimeoutMs: 100
  spillBytes: 1 MiB
  bodyRetentionDays: 30
telemetry:
  metrics: { enabled: false, token: "\${METRICS_TOKEN}" }
  traces: { endpoint: "http://collector.internal:4318/v1/traces", propagate: true }
  logs: { level: warn, format: json }
alerts:
  link: https://leadsman.internal/
  allowPrivate: true
  channels:
    - { name: hook, kind: webhook, url: "\${HOOK_URL}", secret: "\${HOOK_SECRET}", rules: [cost, latency] }
    - { name: bare, kind: webhook, url: "http://10.0.0.1:9/x?y=bare-token" }
    - { name: chat, kind: slack, url: "https://hooks.slack.com/services/T0/B0/slack-token", routes: [one] }
    - { name: pager, kind: pagerduty, routingKey: "\${PAGER_KEY}", minSeverity: page }
    - { name: log, kind: stdout }
`;

export const FULL_ENVIRONMENT: Readonly<Record<string, string>> = {
  PORT: "9000",
  TOKEN: "open-sesame",
  KEY: "sk-ant-secret-abcd",
  PASSWORD: "pass-word",
  METRICS_TOKEN: "look-only",
  HOOK_URL: "https://hooks.example/hook-token",
  HOOK_SECRET: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
  PAGER_KEY: "pager-key-0123456789abcdef",
};
