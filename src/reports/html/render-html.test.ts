import { expect, test } from "vitest";
import type { ReportDocument } from "../document/report-document.ts";
import { textCell } from "../document/report-document.ts";
import { renderHtml } from "./render-html.ts";

const HOSTILE = `<script>alert(1)</script>" onload='x' & \u0000\ud800`;

function documentWith(text: string): ReportDocument {
  return {
    title: text,
    subtitle: text,
    warnings: [text],
    parts: [
      {
        title: text,
        facts: [[text, text]],
        sections: [
          {
            id: "tasks",
            question: text,
            answer: text,
            table: { columns: [{ title: text, isNumber: true }], rows: [[textCell(text)]] },
            notes: [text],
            figures: [
              {
                kind: "stated",
                threshold: 0.8,
                atoms: [
                  { confidence: 0.6, triages: 20, failed: 2, isAboveThreshold: false },
                  { confidence: 0.9, triages: 80, failed: 0, isAboveThreshold: true },
                ],
              },
            ],
          },
        ],
      },
    ],
  };
}

test("no text of a client is markup, in elements, attributes and pictures alike", () => {
  const page = renderHtml(documentWith(HOSTILE));
  expect(page).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
  expect(page).not.toMatch(/<script|onload='/);
  expect(page).not.toMatch(/\u0000|\p{Surrogate}/u);
});

test("the page needs nothing else: no script, no file, no network", () => {
  const page = renderHtml(documentWith("plain"));
  const addresses = Array.from(page.matchAll(/(?:src|href|url)\s*[=(]\s*"?([^"\s>)]*)/g));
  expect(addresses.length).toBeGreaterThan(0);
  for (const [, address = ""] of addresses) expect(address).toMatch(/^#/);
  expect(page).toContain("default-src 'none'");
});

test("every element that is opened is closed, and every id is there once", () => {
  const page = renderHtml(documentWith("plain"));
  const open: string[] = [];
  for (const [tag, slash = "", name = ""] of page.matchAll(/<(\/?)([a-zA-Z][a-zA-Z0-9]*)[^>]*>/g)) {
    if (tag.endsWith("/>")) continue;
    if (slash === "") open.push(name);
    else expect(open.pop()).toBe(name);
  }
  expect(open).toEqual([]);
  const ids = Array.from(page.matchAll(/ id="([^"]*)"/g), ([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

test("without anything to report it says what to do", () => {
  const page = renderHtml({ title: "Report", subtitle: "", warnings: [], parts: [] });
  expect(page).toContain("leadsman import");
});
