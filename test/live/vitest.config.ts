import { defineConfig } from "vitest/config";

const hasKey = (process.env["ANTHROPIC_API_KEY"] ?? "") !== "";
if (!hasKey) {
  console.log(
    "Nothing is tested against the real API: ANTHROPIC_API_KEY is not set. With a key, this\n" +
      "costs at most $0.05. The same suite runs against a simulation as part of `npm test`.",
  );
}

// Tests against the real API. They cost money, need a key, and are never part of `npm test`.
export default defineConfig({
  test: {
    include: hasKey ? ["test/live/**/*.live.ts"] : [],
    passWithNoTests: true,
    maxWorkers: 1,
    testTimeout: 120_000,
  },
}) as unknown;
