import { mkdtempSync, rmSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openLineFile } from "./line-file.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "leadsman-lines-"));
  execFileSync("mkfifo", [join(folder, "pipe")]);
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

test.each([
  ["pipe", "found something that can be read only once, such as a pipe"],
  [".", "found a folder"],
  ["nothing", "no such file"],
])("%s is no file of lines", async (name, found) => {
  await expect(openLineFile(name, join(folder, name))).rejects.toMatchObject({
    code: "file_missing",
    message: expect.stringContaining(found),
  });
});
