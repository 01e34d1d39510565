import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createFakeIo, type FakeSurroundings } from "./fake-io.fixture.ts";
import { runCommandLine } from "./main.ts";

/** What a command line came to. */
export interface FakeRun {
  readonly exitCode: number;
  readonly out: string;
  readonly notes: string;
}

/** Runs a command line with an imagined terminal, for tests. */
export async function runFake(
  argv: readonly string[],
  surroundings: FakeSurroundings = {},
): Promise<FakeRun> {
  const fake = createFakeIo(surroundings);
  const exitCode = await runCommandLine(argv, fake.io);
  return { exitCode, out: fake.out(), notes: fake.notes() };
}

/** A folder to work in, with a `leadsman.yaml` if one is given. */
export interface FakeFolder {
  readonly path: string;
  run(argv: readonly string[], surroundings?: FakeSurroundings): Promise<FakeRun>;
  remove(): void;
}

/** @param settings of the file, as JSON, which YAML reads; the ledger is in the folder too */
export function createFakeFolder(settings: object | null): FakeFolder {
  const path = mkdtempSync(join(tmpdir(), "leadsman-cli-"));
  const ledger = { url: `sqlite:${join(path, "ledger.db")}` };
  if (settings !== null) {
    const file = { version: 1, ledger, ...settings };
    writeFileSync(join(path, "leadsman.yaml"), JSON.stringify(file, null, 2));
  }
  return {
    path,
    run: (argv, surroundings = {}) => runFake(argv, { workingDirectory: path, ...surroundings }),
    remove: () => {
      rmSync(path, { recursive: true });
    },
  };
}
