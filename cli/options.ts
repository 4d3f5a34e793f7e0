import { type Command, InvalidArgumentError } from 'commander';
import { timeOfText } from '../operate/time-text.ts';

/** An option's name on the command line: `--delivery-id`. */
export const optionOf = (name: string): string =>
  `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** For an option that may be given several times: collects its values in their order. */
export const collect = (value: string, all: readonly string[]): string[] => [...all, value];

/** For an option whose value must not be empty. */
export function nonEmpty(value: string): string {
  if (value !== '') return value;
  throw new InvalidArgumentError('the value is empty: give one, or leave the option out');
}

/** For an option that takes a count. */
export function count(value: string): number {
  if (/^[1-9]\d*$/.test(value)) return Number(value);
  throw new InvalidArgumentError(`a count is a whole number from 1, not ${JSON.stringify(value)}`);
}

/** For an option that takes a port to listen on. */
export function port(value: string): number {
  const number = Number(value);
  if (/^\d+$/.test(value) && number <= 65535) return number;
  throw new InvalidArgumentError(`a port is a whole number from 0 to 65535, not ${JSON.stringify(value)}`);
}

/** For an option that takes a time, ISO or so long ago. @returns the time in UTC */
export const time = (value: string): string => argument(() => timeOfText(value));

/** The value of an option, an error about which is an error of the call. */
export function argument<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? error.message : String(error));
  }
}

/** Ends a command's help with examples. @param calls what follows `hookline` in each */
export function examples(command: Command, ...calls: readonly string[]): Command {
  const lines = calls.map((call) => `  hookline ${call}`).join('\n');
  return command.addHelpText('after', `\nExample${calls.length > 1 ? 's' : ''}:\n${lines}`);
}
