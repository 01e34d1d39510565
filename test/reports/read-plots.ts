import type { BrowserPage } from "./open-browser.ts";

/** A plot as a browser has drawn it. */
export interface DrawnPlot {
  /** Name of the section that it is in, such as `calibration`. */
  readonly section: string;
  /** Position of the part of the report, from 0. */
  readonly part: number;
  readonly role: string | null;
  /** What the elements say that its label points at. */
  readonly names: readonly string[];
  readonly caption: string;
  readonly box: Box;
  readonly texts: readonly DrawnText[];
  readonly shapes: readonly DrawnShape[];
}

/** A place on the page, in CSS pixels. */
export interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export interface DrawnText {
  readonly text: string;
  readonly kind: string;
  /** As it stands in the plot, in units of its view box. */
  readonly x: number;
  readonly y: number;
  readonly anchor: string;
  readonly box: Box;
  /** Height of its letters on the page. */
  readonly sizePx: number;
  readonly colour: string;
  /** What it stands on. */
  readonly ground: string;
}

export interface DrawnShape {
  readonly tag: string;
  readonly kind: string;
  /** Centres, ends, corners: what the element says, in the order in which SVG names it. */
  readonly at: readonly number[];
  readonly colour: string;
}

/** Reads all plots of the page that is open. */
export async function readPlots(page: BrowserPage): Promise<readonly DrawnPlot[]> {
  const plots: readonly DrawnPlot[] = JSON.parse(String(await page.evaluate(`(${SCRIPT})()`)));
  return plots;
}

/** Plain for the page's sake: it is the text of a function that no compiler sees. */
const SCRIPT = `() => {
  const boxOf = (element) => {
    const { left, right, top, bottom } = element.getBoundingClientRect();
    return { left, right, top, bottom };
  };
  const numbers = { circle: ["cx", "cy", "r"], line: ["x1", "y1", "x2", "y2"], rect: ["x", "y", "width", "height"] };
  const ground = getComputedStyle(document.body).backgroundColor;
  const plotOf = (svg) => {
    const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
    const shapes = [...svg.querySelectorAll("circle, line, rect, polygon, polyline")];
    const under = (text) => {
      const box = text.getBoundingClientRect();
      const [x, y] = [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
      const below = shapes.filter((shape) => {
        const at = shape.getBoundingClientRect();
        return shape.tagName === "rect" && at.left <= x && at.right >= x && at.top <= y && at.bottom >= y;
      });
      return below.length === 0 ? ground : getComputedStyle(below.at(-1)).fill;
    };
    return {
      section: svg.closest("section").className,
      part: [...document.querySelectorAll("article")].indexOf(svg.closest("article")),
      role: svg.getAttribute("role"),
      names: (svg.getAttribute("aria-labelledby") ?? "").split(" ").map((id) => document.getElementById(id)?.textContent ?? ""),
      caption: svg.closest("figure").querySelector("figcaption").textContent,
      box: boxOf(svg),
      texts: [...svg.querySelectorAll("text")].map((text) => ({
        text: text.textContent,
        kind: text.getAttribute("class"),
        x: Number(text.getAttribute("x")),
        y: Number(text.getAttribute("y")),
        anchor: text.getAttribute("text-anchor"),
        box: boxOf(text),
        sizePx: parseFloat(getComputedStyle(text).fontSize) * scale,
        colour: getComputedStyle(text).fill,
        ground: under(text),
      })),
      shapes: shapes.map((shape) => {
        const { fill, stroke } = getComputedStyle(shape);
        const listed = (shape.getAttribute("points") ?? "").split(/[ ,]/).filter((part) => part !== "");
        const named = numbers[shape.tagName];
        return {
          tag: shape.tagName,
          kind: shape.getAttribute("class"),
          at: (named === undefined ? listed : named.map((name) => shape.getAttribute(name))).map(Number),
          colour: shape.tagName === "line" || shape.tagName === "polyline" ? stroke : fill,
        };
      }),
    };
  };
  return JSON.stringify([...document.querySelectorAll("figure svg")].map(plotOf));
}`;

/** Which value a place on an axis stands for, by the numbers that are written along it. */
export function axisOf(
  { texts }: DrawnPlot,
  along: "x" | "y",
): { readonly valueAt: (place: number) => number; readonly name: string | undefined } {
  const ticks = texts.flatMap((text) => {
    const value = text.kind === "tick" ? numberOf(text.text) : null;
    if (value === null || (text.anchor === "end") !== (along === "y")) return [];
    // Numbers of the upright axis stand with their middle at the line.
    return [{ value, place: along === "x" ? text.x : text.y - 4 }];
  });
  const [first, last] = [ticks[0], ticks.at(-1)];
  if (first === undefined || last === undefined || first === last) {
    throw new Error(`Wanted two numbers along ${along}, found ${ticks.length}.`);
  }
  const perUnit = (last.value - first.value) / (last.place - first.place);
  const names = texts.filter(({ kind }) => kind === "name");
  return {
    valueAt: (place) => first.value + (place - first.place) * perUnit,
    name: names.find(({ anchor }) => (anchor === "start") === (along === "y"))?.text,
  };
}

/** `25 %` = 0.25, `1.50 s` = 1500, `500 ms` = 500, `1,000`, `0.75`; null = a word. */
function numberOf(text: string): number | null {
  const [, digits, unit = ""] = /^([\d.,]+)(?: (%|ms|s))?$/.exec(text) ?? [];
  if (digits === undefined) return null;
  const factor = { "%": 0.01, ms: 1, s: 1_000 }[unit] ?? 1;
  return Number(digits.replaceAll(",", "")) * factor;
}

/** Places of what was marked, in the order in which it was drawn: circles, and diamonds by their middle. */
export function marksOf(
  { shapes }: DrawnPlot,
  kinds: readonly string[],
): readonly {
  readonly x: number;
  readonly y: number;
  readonly r: number;
  readonly kind: string;
}[] {
  return shapes.flatMap(({ tag, kind, at }) => {
    if (!kinds.includes(kind)) return [];
    const [a = 0, b = 0, c = 0, d = 0] = at;
    if (tag === "circle") return [{ x: a, y: b, r: c, kind }];
    return tag === "polygon" ? [{ x: a, y: d, r: d - b, kind }] : [];
  });
}

/** Both ends of each interval, in the order in which they were drawn: each has a bar and two feet. */
export function reachesOf(
  { shapes }: DrawnPlot,
  along: "x" | "y",
  kind = "reach mark",
): readonly (readonly [from: number, to: number])[] {
  const lines = shapes.filter((shape) => shape.kind.startsWith(kind));
  const bars = lines.filter((_, index) => index % 3 === 0);
  return bars.flatMap(({ at: [x1 = 0, y1 = 0, x2 = 0, y2 = 0] }) => {
    const isLevel = y1 === y2;
    if (isLevel !== (along === "x")) return [];
    return [along === "x" ? ([x1, x2] as const) : ([y1, y2] as const)];
  });
}
