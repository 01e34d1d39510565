import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { describeFinding, type Finding } from "./checks/code-file.ts";
import { CHECKOUT, exists, readFiles, readManifest, readText } from "./checkout.ts";
import { GENERATED_FILES } from "./docs/generated-files.ts";
import { GENERATED_SECTIONS, withSection } from "./docs/generated-sections.ts";
import { fencesOf, linksOf, tableRowsOf } from "./docs/markdown.ts";
import {
  commandsIn,
  findBrokenLinks,
  findMissingScripts,
  findUncheckedFences,
} from "./docs/page-checks.ts";
import { runShell, runTypeScript, typeErrorsOf } from "./docs/run-example.ts";

const pages = readFiles("", [".md"]);
const { scripts } = readManifest();

describe("the pages of this checkout", () => {
  const checks: readonly [string, () => readonly Finding[]][] = [
    ["link to what is there", () => findBrokenLinks(pages, exists)],
    ["name scripts that exist", () => findMissingScripts(pages, Object.keys(scripts))],
    [
      "say how their code is kept true",
      () => findUncheckedFences(pages, commandsIn(readText(".ci/run"))),
    ],
  ];
  test.each(checks)("%s", (_name, check) => {
    expect(check().map(describeFinding)).toEqual([]);
  });

  test.each(GENERATED_SECTIONS)("$page has $name as generated", ({ page, name, render }) => {
    expect(readText(page)).toBe(withSection(readText(page), name, render()));
  });

  test.each(GENERATED_FILES)("$path is as generated", ({ path, render }) => {
    expect(readText(path)).toBe(render());
  });

  test("every word of the glossary names the file that defines it", () => {
    const rows = tableRowsOf(readText("GLOSSARY.md"));
    expect(rows.length).toBeGreaterThan(20);
    const homeless = rows.filter((cells) => linksOf(cells.at(-1) ?? "").length === 0);
    expect(homeless.map(([word]) => word)).toEqual([]);
  });

  test("every script starts a file that exists", () => {
    const missing = Object.values(scripts)
      .flatMap((script) => [
        ...script.matchAll(/\b(?:node|--config|-p) ([\w./-]+\.(?:js|ts|json))/g),
      ])
      .map((match) => match[1] ?? "")
      .filter((path) => !exists(path));
    expect(missing).toEqual([]);
  });
});

// Node refuses TypeScript in node_modules and finds the package by its own name only inside it.
const workshop = join(CHECKOUT, `.tmp/docs-${process.pid}`);

beforeAll(() => {
  mkdirSync(workshop, { recursive: true });
});

afterAll(() => {
  rmSync(workshop, { recursive: true });
});

describe("the examples", () => {
  const fences = pages.flatMap((page) =>
    fencesOf(page.text).map((fence, index) => ({
      ...fence,
      name: `${page.path}:${fence.line}`,
      file: join(workshop, `${page.path.replaceAll("/", "-")}-${index}.ts`),
    })),
  );
  const typed = fences.filter(({ info }) => ["ts run", "ts check"].includes(info));

  beforeAll(() => {
    for (const { file, code } of typed) writeFileSync(file, code);
  });

  test("in TypeScript compile", () => {
    expect(typeErrorsOf(typed.map(({ file }) => file))).toEqual([]);
  });

  const stepsByPage = Map.groupBy(
    pages.flatMap(({ path, text }) => fencesOf(text).map((fence) => ({ ...fence, path }))),
    ({ path, info }) => (info === "sh steps" ? path : ""),
  );
  stepsByPage.delete("");
  test.for([...stepsByPage])(
    "%s goes through, step by step",
    { timeout: 90_000 },
    async ([, steps]) => {
      const outcome = await runShell(steps.map(({ code }) => code).join("\n"));
      expect(outcome, outcome.output).toMatchObject({ exitCode: 0 });
    },
  );

  const runnable = fences.filter(({ info }) => info === "ts run" || info === "sh run");
  test.for(runnable)("$name runs", { timeout: 90_000 }, async ({ info, code, file }) => {
    const outcome = info === "sh run" ? await runShell(code) : await runTypeScript(file);
    expect(outcome).toMatchObject({ exitCode: 0 });
  });
});

describe("running examples", () => {
  const file = join(workshop, "probe.ts");

  test("a shell block ends with its first failure", async () => {
    const outcome = await runShell("echo before\nfalse\necho after");
    expect(outcome).toEqual({ exitCode: 1, output: "before\n" });
  });

  test("what a shell block leaves in the background ends with it", async () => {
    // It has the output open, so that a block that waits for it has no end.
    const outcome = await runShell("sleep 60 &\necho after");
    expect(outcome).toEqual({ exitCode: 0, output: "after\n" });
  });

  test("a TypeScript block is held against the compiler options and runs as it is", async () => {
    writeFileSync(file, `const count: number = "three";\nconsole.log(count);\n`);
    expect(typeErrorsOf([file])).toEqual([expect.stringContaining("TS2322")]);
    expect(await runTypeScript(file)).toEqual({ exitCode: 0, output: "three\n" });
  });
});
