import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";

/**
 * Keeps CPUs from falling asleep while a figure is taken that waits most of the time: on a rented
 * machine it may take a tenth of a millisecond and more until a sleeping virtual CPU runs again, at
 * every hop. Loops in the idle class of the scheduler run only when nothing else wants to.
 *
 * @returns stops the loops; null where the system has no `chrt` and `taskset`
 */
export function keepAwake(cores: readonly number[]): (() => Promise<void>) | null {
  const hasTools = ["chrt", "taskset"].every((tool) => spawnSync(tool, ["--version"]).status === 0);
  if (!hasTools) return null;
  const loops: readonly ChildProcess[] = cores.map((core) =>
    spawn("chrt", ["-i", "0", "taskset", "-c", String(core), process.execPath, "-e", "for (;;);"], {
      stdio: "ignore",
    }),
  );
  return async () => {
    const exited = loops.map((loop) => once(loop, "exit"));
    for (const loop of loops) loop.kill("SIGKILL");
    await Promise.all(exited);
  };
}
