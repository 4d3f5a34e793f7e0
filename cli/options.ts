import { type Command, InvalidArgumentError } from 'commander';

/** For an option that may be given several times: all its values, in their order. */
export const collect = (value: string, all: readonly string[]): string[] => [...all, value];

/** For an option whose value must be something. */
export function value(given: string): string {
  if (given !== '') return given;
  throw new InvalidArgumentError('an empty value is none');
}

/** For an option that takes a count. */
export function count(value: string): number {
  if (/^[1-9]\d*$/.test(value)) return Number(value);
  throw new InvalidArgumentError(`it takes a whole number from 1, not ${value}`);
}

/** For an option that takes a port to listen on. */
export function port(value: string): number {
  const number = Number(value);
  if (/^\d+$/.test(value) && number <= 65535) return number;
  throw new InvalidArgumentError(`a port is a whole number from 0 to 65535, not ${JSON.stringify(value)}`);
}

/** For an option that takes a time, in whatever zone. @returns it in UTC */
export function time(value: string): string {
  if (!Number.isNaN(Date.parse(value))) return new Date(value).toISOString();
  throw new InvalidArgumentError(`${JSON.stringify(value)} is no time: write it as 2026-01-31T09:00:00Z`);
}

/** Ends a command's help with calls that a reader may copy; `hookline` is put in front of each. */
export function examples(command: Command, ...calls: readonly string[]): Command {
  const lines = calls.map((call) => `  hookline ${call}`).join('\n');
  return command.addHelpText('after', `\nExample${calls.length > 1 ? 's' : ''}:\n${lines}`);
}
