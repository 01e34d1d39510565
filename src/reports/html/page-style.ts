/**
 * Colours, and the look of plots alone. Hues are those of M. Okabe and K. Ito, which people see apart
 * whatever colours they see, darkened on white until text of them reads; shapes and words say the same.
 */
export const PLOT_STYLE: string = `
:root {
  color-scheme: light dark;
  --ground: #ffffff; --raised: #f5f7f9; --ink: #16191d; --faint: #565d66; --line: #d7dce2;
  --mark: #0072b2; --second: #b84a00; --few: #737a83; --band: #0072b2; --on-mark: #ffffff;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #121518; --raised: #1b2025; --ink: #e9edf1; --faint: #a4adb7; --line: #343b43;
    --mark: #56b4e9; --second: #f0a04b; --few: #8d96a0; --band: #56b4e9; --on-mark: #10161b;
  }
}
text { fill: var(--ink); font: 13px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; font-variant-numeric: tabular-nums; }
text.tick, text.name, text.hint { fill: var(--faint); }
text.hint { paint-order: stroke; stroke: var(--ground); stroke-width: 5px; stroke-linejoin: round; }
text.value { font-weight: 650; }
text.limit-name { fill: var(--second); font-weight: 650; }
text.on { fill: var(--on-mark); font-weight: 650; }
text.on.escalates { fill: var(--ink); }
line, polyline { fill: none; stroke-linecap: round; }
.grid { stroke: var(--line); }
.axis { stroke: var(--faint); }
.even { stroke: var(--faint); stroke-dasharray: 2 5; stroke-width: 1.5; }
.limit { stroke: var(--second); stroke-width: 2; stroke-dasharray: 7 4; }
.curve { stroke: var(--mark); stroke-width: 1.5; }
.band { fill: var(--band); fill-opacity: 0.16; }
.reach { stroke-width: 1.5; }
.reach.mark { stroke: var(--mark); }
.reach.second { stroke: var(--second); }
.reach.few { stroke: var(--few); }
.dot { stroke: var(--ground); stroke-width: 1; }
.dot.mark { fill: var(--mark); fill-opacity: 0.9; }
.dot.second { fill: var(--second); }
.dot.few { fill: var(--ground); stroke: var(--few); stroke-width: 1.5; }
.force { fill: var(--second); stroke: var(--ground); stroke-width: 1.5; }
.bar { stroke-width: 1.25; }
.bar.ships, .bar.gains { fill: var(--mark); stroke: var(--mark); }
.bar.escalates { fill: var(--raised); stroke: var(--faint); }
.bar.loses { fill: var(--second); stroke: var(--second); }
.bar.sum, .bar.none { fill: var(--faint); stroke: var(--faint); }
`.trim();

/** The look of a report page. */
export const PAGE_STYLE: string = `
${PLOT_STYLE}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 1.5rem 1rem 4rem; max-width: 66rem;
  background: var(--ground); color: var(--ink);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
  overflow-wrap: anywhere;
}
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0; }
h2 { font-size: 1.35rem; line-height: 1.25; margin: 3.5rem 0 1rem; padding-top: 1rem; border-top: 2px solid var(--ink); }
h3 { font-size: 1.1rem; line-height: 1.3; margin: 2.5rem 0 0.25rem; }
.subtitle, .note, figcaption { color: var(--faint); }
.subtitle { margin: 0.25rem 0 0; }
.warning { margin: 1rem 0 0; padding: 0.6rem 0.9rem; border: 2px solid var(--second); border-radius: 6px; font-weight: 650; }
.empty { margin-top: 2rem; padding: 1rem; background: var(--raised); border-radius: 6px; }
.answer { margin: 0 0 1rem; max-width: 46rem; }
.note { margin: 0.4rem 0 0; font-size: 0.875rem; max-width: 46rem; }
code { font-family: ui-monospace, "SF Mono", Menlo, Consolas, monospace; font-size: 0.9em; }
a { color: var(--mark); text-underline-offset: 0.15em; }
:focus-visible { outline: 3px solid var(--mark); outline-offset: 2px; }
nav { margin-top: 1.25rem; font-size: 0.9rem; }
nav ul { list-style: none; margin: 0; padding: 0; }
nav > ul > li { margin-top: 0.75rem; font-weight: 600; }
nav ul ul { display: flex; flex-wrap: wrap; gap: 0.1rem 1.1rem; font-weight: 400; }
nav ul ul a { display: inline-block; padding: 0.15rem 0; }
.facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(13rem, 1fr)); gap: 0.6rem; margin: 0; }
.facts div { background: var(--raised); border-radius: 6px; padding: 0.6rem 0.8rem; }
.facts div:last-child { grid-column: 1 / -1; }
.facts dt { color: var(--faint); font-size: 0.85rem; }
.facts dd { margin: 0; font-weight: 600; font-variant-numeric: tabular-nums; }
.beside { display: grid; grid-template-columns: minmax(0, 27rem) minmax(0, 1fr); gap: 1rem 2rem; align-items: start; }
.alone .figures { max-width: 27rem; }
figure { margin: 0 0 1.25rem; }
figcaption { font-size: 0.85rem; line-height: 1.4; margin-top: 0.25rem; }
svg { display: block; width: 100%; height: auto; }
.table { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 0.9rem; font-variant-numeric: tabular-nums; overflow-wrap: normal; }
th, td { text-align: left; vertical-align: top; padding: 0.35rem 0.9rem 0.35rem 0; border-bottom: 1px solid var(--line); }
thead th { color: var(--faint); font-weight: 500; vertical-align: bottom; }
tbody th { font-weight: 600; }
th:last-child, td:last-child { padding-right: 0; }
.number { text-align: right; white-space: nowrap; }
thead .number { white-space: normal; }
td:not(.number) { min-width: 10rem; }
td ul { margin: 0; padding: 0; list-style: none; min-width: 14rem; overflow-wrap: anywhere; }
td li + li { margin-top: 0.3rem; }
@media (max-width: 52rem) {
  .beside { grid-template-columns: minmax(0, 1fr); }
  .figures { max-width: 32rem; }
}
@media (max-width: 30rem) {
  body { padding: 1rem 0.85rem 3rem; }
  h1 { font-size: 1.5rem; }
  .facts { grid-template-columns: minmax(0, 1fr); gap: 0.4rem; }
  table { font-size: 0.85rem; }
}
@media print {
  :root {
    --ground: #ffffff; --raised: #f3f3f3; --ink: #000000; --faint: #444444; --line: #bbbbbb;
    --mark: #0072b2; --second: #b84a00; --few: #737a83; --band: #0072b2; --on-mark: #ffffff;
  }
  body { max-width: none; padding: 0; font-size: 10pt; -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  nav { display: none; }
  h2 { break-before: page; margin-top: 0; }
  main > article:first-child h2 { break-before: auto; margin-top: 1.5rem; }
  h2, h3, .answer { break-after: avoid; }
  figure, tr, .facts div { break-inside: avoid; }
  .table { overflow: visible; }
  .number { white-space: normal; }
  table { font-size: 8.5pt; }
  td ul, td:not(.number) { min-width: 0; }
  .beside { grid-template-columns: minmax(0, 20rem) minmax(0, 1fr); }
}
`.trim();
