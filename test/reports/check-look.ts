import { PLOT_WIDTH } from "../../src/reports/html/plot.ts";
import type { Box, DrawnPlot, DrawnShape, DrawnText } from "./read-plots.ts";

/** What makes a plot hard to read, in words; nothing = it can be read. */
export function checkLook(plot: DrawnPlot): readonly string[] {
  const { section, texts, shapes, box } = plot;
  const objections = [
    ...pairsOf(texts).flatMap(([a, b]) =>
      meet(a.box, b.box) ? [`"${a.text}" lies on "${b.text}"`] : [],
    ),
    ...texts
      .filter(({ kind }) => kind === "value")
      .filter((text) => shapes.some((shape) => isCrossed(text, shape, box)))
      .map(({ text }) => `"${text}" lies on an interval`),
    ...texts.filter((text) => !isInside(text.box, box)).map(({ text }) => `"${text}" is cut off`),
    ...texts
      .filter(({ sizePx }) => sizePx < SMALLEST_LETTERS_PX)
      .map(({ text, sizePx }) => `"${text}" has letters of ${sizePx.toFixed(1)} pixels`),
    ...texts
      .filter(({ colour, ground }) => contrastOf(colour, ground) < CONTRAST_OF_TEXT)
      .map(({ text, colour, ground }) => `"${text}" is ${colour} on ${ground}`),
    ...shapes
      .filter(({ kind }) => SAYS_SOMETHING.test(kind))
      .filter(({ colour }) => contrastOf(colour, groundOf(texts)) < CONTRAST_OF_SHAPES)
      .map(({ tag, kind, colour }) => `${tag} ${kind} is ${colour}`),
  ];
  return objections.map((objection) => `${section}: ${objection}`);
}

const SMALLEST_LETTERS_PX = 10;

/** As WCAG 2.2 wants it at level AA, for text and for graphics. */
const CONTRAST_OF_TEXT = 4.5;
const CONTRAST_OF_SHAPES = 3;

/** What carries a number; a grid may be faint, and what is outlined has its colour in its edge. */
const SAYS_SOMETHING =
  /^(dot (mark|second)|reach|limit|even|curve|force|bar (ships|gains|loses|sum|none))/;

/** Most of it is on the page's own ground. */
function groundOf(texts: readonly DrawnText[]): string {
  return texts.find(({ kind }) => !kind.startsWith("on"))?.ground ?? "";
}

function pairsOf<T>(all: readonly T[]): readonly (readonly [T, T])[] {
  return all.flatMap((a, index) => all.slice(index + 1).map((b) => [a, b] as const));
}

/** Boxes of letters have air around them: a pixel of it may be shared. */
function meet(a: Box, b: Box): boolean {
  return (
    Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 &&
    Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 3
  );
}

/** Whether the bar of an interval goes through letters. */
function isCrossed({ box }: DrawnText, { kind, at }: DrawnShape, plot: Box): boolean {
  if (!kind.startsWith("reach")) return false;
  const perUnit = (plot.right - plot.left) / PLOT_WIDTH;
  const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = at.map((value) => value * perUnit);
  const bar: Box = {
    left: plot.left + Math.min(x1, x2) - 1,
    right: plot.left + Math.max(x1, x2) + 1,
    top: plot.top + Math.min(y1, y2) - 3,
    bottom: plot.top + Math.max(y1, y2) + 3,
  };
  return meet(box, bar);
}

function isInside(inner: Box, outer: Box): boolean {
  return (
    inner.left >= outer.left - 0.5 &&
    inner.right <= outer.right + 0.5 &&
    inner.top >= outer.top - 0.5 &&
    inner.bottom <= outer.bottom + 0.5
  );
}

/** Ratio of relative luminances as WCAG defines it, from 1 (none) to 21. */
function contrastOf(colour: string, ground: string): number {
  const [a, b] = [luminanceOf(colour), luminanceOf(ground)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

function luminanceOf(colour: string): number {
  const channels = Array.from(colour.matchAll(/[\d.]+/g), ([digits]) => Number(digits) / 255);
  const [red = 0, green = 0, blue = 0] = channels.map((channel) =>
    channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
