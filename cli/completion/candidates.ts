import type { Argument, Command, Option } from 'commander';

/** A word that may follow on a command line. */
export interface Candidate {
  readonly value: string;
  readonly description: string;
}

/** A kind of value that only a deployment knows. */
export type ValueKind = 'rule' | 'delivery' | 'host';

export interface Completion {
  readonly candidates: readonly Candidate[];
  /** the kind of value that the deployment has to be asked for */
  readonly kind?: ValueKind | undefined;
  /** the text in front of each value of the deployment: `--rule=` */
  readonly prefix: string;
  /** the word that is being typed, or the part of it that is a value */
  readonly typed: string;
  /** the options that name the deployment, as far as they are typed */
  readonly target: Readonly<Record<string, string>>;
}

/**
 * The words that may follow on a command line, from the tree of commands alone.
 * @param words everything behind `hookline`; the last word is being typed and may be empty
 */
export function complete(program: Command, words: readonly string[]): Completion {
  const { command, option, position, target } = cursorPositionOf(program, words.slice(0, -1));
  // bash makes three words of --name=value.
  const typed = (words.at(-1) ?? '').replace(/^=$/, '');
  const [, name = '', value] = /^(--[\w-]+)=(.*)$/.exec(typed) ?? [];
  if (value !== undefined)
    return { ...valuesOf(optionNamed(command, name)), prefix: `${name}=`, typed: value, target };
  if (option) return { ...valuesOf(option), prefix: '', typed, target };
  if (typed.startsWith('-')) return { candidates: optionsOf(command), prefix: '', typed, target };
  const argument = argumentAt(command, position);
  const { candidates, kind } = argument ? valuesOf(argument, command) : { candidates: [], kind: undefined };
  const commands = position === 0 ? commandsOf(command) : [];
  return { candidates: [...commands, ...candidates], kind, prefix: '', typed, target };
}

interface CursorPosition {
  readonly command: Command;
  /** the option whose value the next word is */
  readonly option: Option | undefined;
  /** how many arguments there are already */
  readonly position: number;
  readonly target: Record<string, string>;
}

function cursorPositionOf(program: Command, words: readonly string[]): CursorPosition {
  let [command, option, position]: [Command, Option | undefined, number] = [program, undefined, 0];
  const target: Record<string, string> = {};
  for (const word of words) {
    if (option) {
      if (word === '=') continue;
      target[option.attributeName()] = word;
      option = undefined;
      continue;
    }
    const [name = '', value] = word.split(/=(.*)/s);
    const named = word.startsWith('-') ? optionNamed(command, name) : undefined;
    if (named && value !== undefined) target[named.attributeName()] = value;
    else if (named?.required) option = named;
    if (word.startsWith('-')) continue;
    const next = position === 0 ? command.commands.find((each) => each.name() === word) : undefined;
    if (next) command = next;
    else position += 1;
  }
  return { command, option, position, target };
}

const optionNamed = (command: Command, name: string): Option | undefined =>
  command
    .createHelp()
    .visibleOptions(command)
    .find(({ long, short }) => long === name || short === name);

/** The values of an option or an argument: its choices, or the kind that only a deployment knows. */
function valuesOf(
  value: Option | Argument | undefined,
  command?: Command,
): Pick<Completion, 'candidates' | 'kind'> {
  const candidates = (value?.argChoices ?? []).map((choice) => ({ value: choice, description: '' }));
  const kind = VALUE_KINDS.find((each) => each === value?.name());
  // The numbers of a webhook's deliveries are known to the git host alone.
  return { candidates, kind: command?.parent?.name() === 'hooks' ? undefined : kind };
}

const VALUE_KINDS: readonly ValueKind[] = ['rule', 'delivery', 'host'];

const argumentAt = ({ registeredArguments: all }: Command, position: number): Argument | undefined =>
  all[position] ?? (all.at(-1)?.variadic ? all.at(-1) : undefined);

const optionsOf = (command: Command): Candidate[] =>
  command
    .createHelp()
    .visibleOptions(command)
    .map(({ long, short, description }) => ({ value: long ?? short ?? '', description }));

const commandsOf = (command: Command): Candidate[] =>
  command
    .createHelp()
    .visibleCommands(command)
    .map((each) => ({ value: each.name(), description: each.description() }));
