import { formatConfidence } from "../format-number.ts";
import { escapeHtml } from "./escape-html.ts";

/** A picture as text, with what a reader who does not see it is told. */
export interface PlotText {
  /** Unique on the page. */
  readonly id: string;
  /** What the picture says, in one sentence. */
  readonly title: string;
  /** What it shows and how to read it; also its caption. */
  readonly description: string;
}

/** The field of a plot in units of its view box, one unit being about a pixel. */
export interface Field {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** All plots are of this width, so that letters are of one size; narrow enough for a telephone. */
export const PLOT_WIDTH = 440;

/** An `svg` element with its title and description. */
export function svgElement(text: PlotText, height: number, body: readonly string[]): string {
  const { id, title, description } = text;
  return [
    `<svg role="img" aria-labelledby="${id}-title ${id}-desc" viewBox="0 0 ${PLOT_WIDTH} ${height}">`,
    `<title id="${id}-title">${escapeHtml(title)}</title>`,
    `<desc id="${id}-desc">${escapeHtml(description)}</desc>`,
    ...body,
    "</svg>",
  ].join("");
}

/** Places values of a domain between two ends. A domain without width lies in the middle. */
export function linearScale(
  [low, high]: readonly [number, number],
  [from, to]: readonly [number, number],
): (value: number) => number {
  if (high === low) return () => (from + to) / 2;
  return (value) => from + ((value - low) / (high - low)) * (to - from);
}

/** About four round steps from 0 up to at least `most`. */
export function roundTicks(most: number): readonly number[] {
  if (!(most > 0)) return [0, 1];
  const power = 10 ** Math.floor(Math.log10(most / 4));
  const step = [1, 2, 2.5, 5, 10].map((times) => times * power).find((one) => one * 4.001 >= most);
  const width = step ?? 10 * power;
  const count = Math.ceil(most / width - 1e-9);
  return Array.from({ length: count + 1 }, (_, index) => Number((index * width).toPrecision(12)));
}

export interface Axis {
  readonly name: string;
  readonly ticks: readonly { readonly at: number; readonly text: string }[];
}

/** Middle of the line of names above a field, which no mark reaches. */
const NAMES_Y = 12;

/** Lines of a grid with their numbers, and names of both axes. */
export function axes(
  field: Field,
  x: Axis & { readonly scale: (value: number) => number },
  y: Axis & { readonly scale: (value: number) => number },
): string {
  const { left, right, bottom } = field;
  return [
    ...y.ticks.flatMap(({ at, text }) => [
      line([left, y.scale(at)], [right, y.scale(at)], "grid"),
      label([left - 6, y.scale(at) + 4], text, "tick", "end"),
    ]),
    ...x.ticks.flatMap(({ at, text }) => [
      line([x.scale(at), bottom], [x.scale(at), bottom + 4], "axis"),
      label([x.scale(at), bottom + 18], text, "tick", "middle"),
    ]),
    line([left, bottom], [right, bottom], "axis"),
    label([(left + right) / 2, bottom + 36], x.name, "name", "middle"),
    label([left - 38, NAMES_Y + 4], y.name, "name", "start"),
  ].join("");
}

/** What a line of the plot means, above the field on its right. */
export function lineKey({ right }: Field, className: string, name: string): string {
  return [
    line([right - 22, NAMES_Y], [right, NAMES_Y], className),
    label([right - 28, NAMES_Y + 4], name, className === "limit" ? "limit-name" : "hint", "end"),
  ].join("");
}

type Point = readonly [x: number, y: number];

export function line([x1, y1]: Point, [x2, y2]: Point, className: string): string {
  return `<line class="${className}" x1="${short(x1)}" y1="${short(y1)}" x2="${short(x2)}" y2="${short(y2)}"/>`;
}

export function circle([x, y]: Point, radius: number, className: string): string {
  return `<circle class="${className}" cx="${short(x)}" cy="${short(y)}" r="${short(radius)}"/>`;
}

/** A square on its corner. */
export function diamond([x, y]: Point, radius: number, className: string): string {
  const corners: readonly Point[] = [
    [x, y - radius],
    [x + radius, y],
    [x, y + radius],
    [x - radius, y],
  ];
  return `<polygon class="${className}" points="${pointList(corners)}"/>`;
}

export function rectangle(
  [x, y]: Point,
  [width, height]: readonly [width: number, height: number],
  className: string,
): string {
  return `<rect class="${className}" x="${short(x)}" y="${short(y)}" width="${short(Math.max(0, width))}" height="${short(Math.max(0, height))}"/>`;
}

export function polyline(points: readonly Point[], className: string): string {
  return `<polyline class="${className}" points="${pointList(points)}"/>`;
}

export function polygon(points: readonly Point[], className: string): string {
  return `<polygon class="${className}" points="${pointList(points)}"/>`;
}

export function label(
  [x, y]: Point,
  text: string,
  className: string,
  anchor: "start" | "middle" | "end",
): string {
  return `<text class="${className}" x="${short(x)}" y="${short(y)}" text-anchor="${anchor}">${escapeHtml(text)}</text>`;
}

/** A vertical bar between two values, with short feet. */
export function uprightBar(x: number, fromY: number, toY: number, className: string): string {
  return [
    line([x, fromY], [x, toY], className),
    line([x - 3, fromY], [x + 3, fromY], className),
    line([x - 3, toY], [x + 3, toY], className),
  ].join("");
}

export function levelBar(y: number, fromX: number, toX: number, className: string): string {
  return [
    line([fromX, y], [toX, y], className),
    line([fromX, y - 3], [fromX, y + 3], className),
    line([toX, y - 3], [toX, y + 3], className),
  ].join("");
}

/** `25 %`, with a decimal only where one is needed. */
export function percentTick(share: number): string {
  return `${String(Number((share * 100).toFixed(2)))} %`;
}

/** `0.75`, as confidences are written in tables. */
export function confidenceTick(confidence: number): string {
  return formatConfidence(Number(confidence.toFixed(2)));
}

function pointList(points: readonly Point[]): string {
  return points.map(([x, y]) => `${short(x)},${short(y)}`).join(" ");
}

/** Two decimals of a pixel are more than a screen shows. */
function short(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toFixed(2))) : "0";
}
