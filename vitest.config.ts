import { defineConfig } from "vitest/config";

// Two workers: the machines that run this suite have two cores, and tests with real sockets and
// paced streams must not starve each other.
export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "test/**/*.test.ts", "tools/**/*.test.ts"],
    pool: "forks",
    maxWorkers: 2,
    // Only what hangs reaches it, also on a machine that does other work.
    testTimeout: 60_000,
    // `tools/run-tests.ts` reads the file.
    reporters: ["default", ["json", { outputFile: ".tmp/tests.json" }]],
  },
}) as unknown;
