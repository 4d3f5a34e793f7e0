import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { usualProvider } from '../../events/providers/index.ts';
import type { Connection } from '../../operate/connection/connection.ts';
import type { KnownEvent } from '../../operate/deliveries/known-event.ts';
import { collect, examples } from '../options.ts';
import { print, printJson } from '../print.ts';
import { type Target, targeted, withTarget } from '../target.ts';
import { drawExplanation } from './draw-explanation.ts';

interface ExplainOptions extends Target {
  readonly rule: readonly string[];
  readonly payload?: string;
  readonly event: string;
  readonly host: string;
}

export function explainCommand(): Command {
  return examples(
    targeted(new Command('explain')),
    'rules explain 4f3a21c0',
    'rules explain --payload push.json --event push --rule default',
  )
    .description(
      'why a delivery matches each rule or does not, clause by clause, and what the rule then does',
    )
    .argument('[delivery]', 'its id on the git host, or the beginning of it')
    .option('--payload <file>', 'the JSON of a webhook instead, as copied from the git host')
    .option('--event <name>', 'the event of that payload', 'push')
    .option('--host <name>', 'the host of that payload', usualProvider.usualHost.name)
    .option('--rule <name>', 'only this rule; again for another', collect, [])
    .action((id: string | undefined, options: ExplainOptions, command: Command) => {
      if (id === undefined && options.payload === undefined)
        command.error('error: name a delivery, or a file with --payload');
      return withTarget(options, async (connection) => {
        const [{ explain }, { rulesNamed }] = await Promise.all([
          import('../../operate/rules/explain.ts'),
          import('../../operate/rules/index.ts'),
        ]);
        const event = await eventToExplain(connection, id ?? '', options);
        const rules = await rulesNamed(connection, options.rule);
        const found = await Promise.all(rules.map((rule) => explain(connection, rule, event)));
        if (options.json) return printJson(found);
        for (const explanation of found) print(drawExplanation(explanation));
      });
    });
}

async function eventToExplain(
  connection: Connection,
  id: string,
  { payload, event, host }: ExplainOptions,
): Promise<KnownEvent> {
  const [{ eventOfPayload }, { knownEventOf }, { findDelivery }] = await Promise.all([
    import('../../operate/deliveries/event.ts'),
    import('../../operate/deliveries/known-event.ts'),
    import('../../operate/deliveries/delivery.ts'),
  ]);
  if (payload !== undefined) return { event: eventOfPayload(event, await readPayload(payload), host) };
  const found = await knownEventOf(connection, await findDelivery(connection, id));
  if (found) return found;
  throw new Error(
    `the delivery ${id} was too large to be kept with its execution: copy its payload from the git host and use --payload`,
  );
}

async function readPayload(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8');
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(
      `${file} is not JSON (${cause instanceof Error ? cause.message : cause}): copy the whole payload`,
      {
        cause,
      },
    );
  }
}
