import { openLineFile } from "../../src/datasets/rows/line-file.ts";
import { readRow } from "../../src/datasets/rows/read-row.ts";
import { oneRowPerGroup, type RecordedRow, type RecordedSet } from "./recorded-row.ts";

/** Reads a file of pairs, as `leadsman import` understands it. */
export async function readRecordedSet(name: string, path: string): Promise<RecordedSet> {
  const labelled: RecordedRow[] = [];
  let unlabelled = 0;
  const file = await openLineFile(name, path);
  for await (const lines of file.lines(() => undefined)) {
    for (const line of lines) {
      const read = readRow(line);
      if (!read.ok || read.value.kind !== "row") {
        unlabelled += 1;
        continue;
      }
      const { cheap, deep, cluster } = read.value.row;
      if (cheap === null || cheap.label === null) {
        unlabelled += 1;
        continue;
      }
      labelled.push({
        confidence: cheap.missing === null ? cheap.confidence : null,
        isWrong: cheap.label === "wrong",
        isDeepWrong:
          deep?.label === undefined || deep.label === null ? null : deep.label === "wrong",
        group: cluster,
      });
    }
  }
  const rows = oneRowPerGroup(labelled);
  return { name, rows, repeats: labelled.length - rows.length, unlabelled };
}
