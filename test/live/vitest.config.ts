import { defineConfig } from "vitest/config";

// Tests against the real API. They cost money, need a key, and are never part of `npm test`.
export default defineConfig({
  test: {
    include: ["test/live/**/*.live.ts"],
    maxWorkers: 1,
    testTimeout: 120_000,
  },
}) as unknown;
