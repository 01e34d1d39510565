import { defineConfig } from "vitest/config";

/**
 * Rooms whose tests start no process and no thread, and leave nothing behind: their files share
 * processes, which halves their time. All others get a process for each file.
 */
const SHARING = [
  "cascade",
  "catalogue",
  "config",
  "datasets",
  "messages",
  "providers",
  "quality",
  "reports",
  "router",
  "statistics",
  "support",
  "telemetry",
  "watch",
].map((room) => `src/${room}/**/*.test.ts`);

// Two workers: the machines that run this suite have two cores, and tests with real sockets and
// paced streams must not starve each other.
export default defineConfig({
  test: {
    pool: "forks",
    maxWorkers: 2,
    // Only what hangs reaches it, also on a machine that does other work.
    testTimeout: 60_000,
    // `tools/run-tests.ts` reads the file.
    reporters: ["default", ["json", { outputFile: ".tmp/tests.json" }]],
    projects: [
      { extends: true, test: { name: "sharing", include: SHARING, isolate: false } },
      {
        extends: true,
        test: {
          name: "alone",
          include: ["src/**/*.test.ts", "test/**/*.test.ts", "tools/**/*.test.ts"],
          exclude: [...SHARING, "**/node_modules/**"],
        },
      },
    ],
  },
}) as unknown;
