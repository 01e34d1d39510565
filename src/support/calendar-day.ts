/** Whether an ISO 8601 text begins with a day that the calendar has: `Date.parse` takes 30 February for 2 March. */
export function isCalendarDay(text: string): boolean {
  const day = text.slice(0, 10);
  const timeMs = Date.parse(day);
  return Number.isFinite(timeMs) && new Date(timeMs).toISOString().startsWith(day);
}
