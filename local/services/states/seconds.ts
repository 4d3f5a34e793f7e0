/** Milliseconds since 1970 as the API's seconds. */
export function seconds(time: number): number {
  return time / 1000;
}
