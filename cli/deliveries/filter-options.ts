import { type Command, Option } from 'commander';
import { FILTERS } from '../../operate/deliveries/filters.ts';
import { OUTCOME_WORDS, outcomesOf } from '../../operate/deliveries/outcome-filter.ts';
import { argument, nonEmpty, optionOf } from '../options.ts';

/** Adds an option for each filter of the list of deliveries. */
export function withFilters(command: Command): Command {
  for (const name of FILTERS)
    if (name === 'outcome') command.addOption(outcomeOption());
    else
      command.option(
        `${optionOf(name)} <value>`,
        `only this ${FILTER_DESCRIPTIONS[name] ?? name}; a * at the end stands for anything`,
        nonEmpty,
      );
  return command;
}

const FILTER_DESCRIPTIONS: Readonly<Partial<Record<(typeof FILTERS)[number], string>>> = {
  repository: 'repository, as owner/name or a part of it',
  ref: 'ref, as main, "tag v1" or refs/heads/main',
  commit: 'commit, or what begins it',
  deliveryId: 'delivery id, or what begins it',
  replayName: 'replay name',
};

function outcomeOption(): Option {
  return new Option(
    '--outcome <outcomes>',
    'only these outcomes, with commas or again for more; ! before one leaves it out',
  )
    .choices(OUTCOME_WORDS)
    .argParser((value, before: string | undefined) => {
      nonEmpty(value);
      argument(() => outcomesOf(value));
      return before === undefined ? value : `${before},${value}`;
    });
}
