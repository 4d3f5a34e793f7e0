/** Says in a pull's message that its host wants to be left alone, so that whoever reads the build's log knows. */
export const retryAfterText = (seconds: number): string => `it asks for ${seconds} s of rest`;

/** The seconds of rest that a message asks for, 0 when it says nothing of them. */
export function retryAfterIn(message: string): number {
  return Number(/it asks for (\d+) s of rest/.exec(message)?.[1] ?? 0);
}
