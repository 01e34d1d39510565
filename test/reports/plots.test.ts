import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { checkLook } from "./check-look.ts";
import {
  checkCostRisk,
  checkDifferences,
  checkLatency,
  checkReliability,
  checkRiskCoverage,
  checkSavings,
  checkShares,
  checkStated,
} from "./check-plots.ts";
import type { ReportJson } from "./expected-tables.ts";
import { findBrowser } from "./find-browser.ts";
import { openBrowser, type BrowserPage, type PageView } from "./open-browser.ts";
import { readPlots, type DrawnPlot } from "./read-plots.ts";
import { REPORT_MS, seededFolder, sparseFolder } from "./seeded-ledger.ts";

const browserPath = findBrowser();
if (browserPath === null) {
  console.warn(
    "The plots of the report are not looked at: no Chromium on the path, nor in LEADSMAN_TEST_BROWSER.",
  );
}

/** For people to look at each plot: a folder for pictures, such as `.tmp/pictures`. */
const pictureFolder = process.env["LEADSMAN_TEST_PICTURES"] ?? "";

const VIEWS: readonly (readonly [name: string, view: PageView])[] = [
  ["wide and light", { widthPx: 1_100, colours: "light" }],
  ["wide and dark", { widthPx: 1_100, colours: "dark" }],
  ["400 pixels wide and light", { widthPx: 400, colours: "light" }],
  ["400 pixels wide and dark", { widthPx: 400, colours: "dark" }],
];

describe.skipIf(browserPath === null)("in a browser", () => {
  const folder = mkdtempSync(join(tmpdir(), "leadsman-plots-"));
  const reports = new Map<string, { readonly url: string; readonly report: ReportJson }>();
  let page: BrowserPage;

  beforeAll(async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: REPORT_MS });
    for (const [name, open] of [
      ["full", seededFolder],
      ["sparse", () => sparseFolder(12)],
      ["empty", () => sparseFolder(0)],
    ] as const) {
      const ledger = await open();
      const path = join(folder, `${name}.html`);
      await ledger.run(["report", "--html", path]);
      const { out } = await ledger.run(["report", "--json"]);
      ledger.remove();
      reports.set(name, { url: pathToFileURL(path).href, report: JSON.parse(out) });
    }
    vi.useRealTimers();
    page = await openBrowser(browserPath ?? "");
  }, 60_000);
  afterAll(async () => {
    await page.close();
    rmSync(folder, { recursive: true });
  });

  function reportOf(name: string): { readonly url: string; readonly report: ReportJson } {
    return reports.get(name) ?? expect.fail(`no report ${name}`);
  }

  describe.each(["full", "sparse", "empty"])("the %s page", (name) => {
    test.each(VIEWS)("can be read %s", async (seen, view) => {
      await page.open(reportOf(name).url, view);
      const plots = await readPlots(page);
      expect(plots.flatMap((plot) => checkLook(plot))).toEqual([]);
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(view.widthPx);
      if (pictureFolder !== "") await keepPictures(`${name}, ${seen}`, plots);
    });

    test("asks for nothing else and runs no script", async () => {
      const { url } = reportOf(name);
      await page.open(url, { widthPx: 1_100, colours: "light" });
      expect(page.requests()).toEqual([url]);
      expect(page.complaints()).toEqual([]);
      expect(await page.evaluate("document.scripts.length")).toBe(0);
    });

    test("says in words what each plot shows, and how to read it", async () => {
      await page.open(reportOf(name).url, { widthPx: 1_100, colours: "light" });
      for (const { role, names, caption } of await readPlots(page)) {
        expect(role).toBe("img");
        const [finding, howToRead, ...rest] = names;
        expect(finding).toMatch(/\w.*\.$/);
        expect(howToRead).toBe(caption);
        expect(caption).toMatch(/^[A-Z].*\.$/);
        expect(rest).toEqual([]);
      }
    });
  });

  async function keepPictures(view: string, plots: readonly DrawnPlot[]): Promise<void> {
    const to = join(pictureFolder, view.replace(/\W+/g, "-"));
    mkdirSync(to, { recursive: true });
    for (const [index, { section, part }] of plots.entries()) {
      const id = `figure:has(svg[aria-labelledby^="${await idOf(index)}"])`;
      const picture = await page.picture(id);
      if (picture !== null) writeFileSync(join(to, `${part}-${section}-${index}.png`), picture);
    }
  }

  async function idOf(index: number): Promise<string> {
    const attribute = `document.querySelectorAll("figure svg")[${index}].getAttribute("aria-labelledby")`;
    return String(await page.evaluate(attribute)).split(" ")[0] ?? "";
  }

  describe("a plot says what the report's data say:", () => {
    async function drawn(name: string, section: string): Promise<readonly DrawnPlot[]> {
      await page.open(reportOf(name).url, { widthPx: 1_100, colours: "light" });
      return (await readPlots(page)).filter((plot) => plot.section === section);
    }

    /** Parts of the report are its tiers and, after those of a route, the route. */
    function tiersAndRoutes(name: string) {
      return reportOf(name).report.routes.flatMap((route) => [
        ...route.tiers.map((tier) => ({ tier, route: null })),
        { tier: null, route },
      ]);
    }

    const ofTiers = [
      ["tasks", "the promised rate by task", 0, checkShares, { full: 2, sparse: 0 }],
      [
        "differences",
        "who was right where answers differ",
        0,
        checkDifferences,
        { full: 2, sparse: 1 },
      ],
      ["stated", "stated confidences", 0, checkStated, { full: 2, sparse: 1 }],
      ["calibration", "reliability", 0, checkReliability, { full: 2, sparse: 1 }],
      ["thresholds", "risk and coverage", 0, checkRiskCoverage, { full: 2, sparse: 0 }],
      ["thresholds", "cost and risk", 1, checkCostRisk, { full: 2, sparse: 0 }],
    ] as const;
    test.each(ofTiers)("%s: %s", async (section, _title, index, check, wanted) => {
      for (const name of ["full", "sparse"] as const) {
        const plots = Map.groupBy(await drawn(name, section), ({ part }) => part);
        let checked = 0;
        for (const [part, { tier }] of tiersAndRoutes(name).entries()) {
          const plot = plots.get(part)?.[index];
          if (tier === null || plot === undefined) continue;
          check(plot, tier);
          checked += 1;
        }
        expect(checked).toBe(wanted[name]);
      }
    });

    const ofRoutes = [
      ["savings", "what was saved, step by step", checkSavings, { full: 2, sparse: 1 }],
      ["latency", "time by decision", checkLatency, { full: 2, sparse: 1 }],
    ] as const;
    test.each(ofRoutes)("%s: %s", async (section, _title, check, wanted) => {
      for (const name of ["full", "sparse"] as const) {
        const plots = new Map((await drawn(name, section)).map((plot) => [plot.part, plot]));
        let checked = 0;
        for (const [part, { route }] of tiersAndRoutes(name).entries()) {
          const plot = plots.get(part);
          if (route === null || plot === undefined) continue;
          check(plot, route);
          checked += 1;
        }
        expect(checked).toBe(wanted[name]);
      }
    });
  });

  test("where a plot would have nothing to show stands what is missing, and how much", async () => {
    await page.open(reportOf("sparse").url, { widthPx: 1_100, colours: "light" });
    const answerOf = async (section: string): Promise<string> =>
      String(
        await page.evaluate(`document.querySelector("section.${section} .answer").textContent`),
      );
    for (const section of ["outcomes", "calibration", "thresholds"]) {
      expect(await answerOf(section)).toMatch(
        /^Not known yet: 10 graded answers .*, at least 20 more are needed\./,
      );
    }
    expect(await page.evaluate(`document.querySelectorAll("section.thresholds svg").length`)).toBe(
      0,
    );
    await page.open(reportOf("empty").url, { widthPx: 1_100, colours: "light" });
    expect(await readPlots(page)).toEqual([]);
    expect(await page.evaluate(`document.querySelector("main").textContent`)).toContain(
      "There is nothing to report yet.",
    );
  });
});
