/** ln of the mean of e^x over `logs`, without overflow; −Infinity when all are. Not for no logs. */
export function logMeanExp(logs: readonly number[]): number {
  let largest = -Infinity;
  for (const log of logs) if (log > largest) largest = log;
  if (!Number.isFinite(largest)) return largest;
  let sum = 0;
  for (const log of logs) sum += Math.exp(log - largest);
  return largest + Math.log(sum / logs.length);
}
