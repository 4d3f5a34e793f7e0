export interface Percentiles {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** @returns `NaN`s of no value */
export function percentiles(values: readonly number[]): Percentiles {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.ceil(sorted.length * share) - 1] ?? Number.NaN;
  return { p50: at(0.5), p99: at(0.99), max: at(1) };
}
