import { statSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";

/**
 * Keeps the log beside the file from growing without end. Commits checkpoint by themselves, but as
 * long as some reader is always there the log cannot start over. Past the limit this waits for the
 * readers, as long as the connection's busy timeout allows; if they stay, it tries again only after
 * the log has grown as much again, so that a long reader costs few pauses.
 *
 * @returns to be called after each commit
 */
export function createWalLimit(
  database: DatabaseSync,
  path: string,
  limitBytes: number,
): () => void {
  let cutAtBytes = limitBytes;
  const walBytes = (): number => statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0;
  return () => {
    if (walBytes() <= cutAtBytes) return;
    database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    cutAtBytes = walBytes() + limitBytes;
  };
}
