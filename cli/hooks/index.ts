import { Command, InvalidArgumentError } from 'commander';
import { usualProvider } from '../../events/providers/index.ts';
import type { Hooks } from '../../operate/hosts/hooks.ts';
import { examples } from '../options.ts';
import { print, printJson, printTable } from '../print.ts';
import { type Target, targeted, withTarget } from '../target.ts';

type Options = Target & { host: string };

/** One thing to do with the webhooks of a repository or an organisation. */
type Act = (
  hooks: Hooks,
  ids: readonly string[],
) => Promise<{ readonly value: unknown; readonly text: () => void }>;

export function hooksCommand(): Command {
  return new Command('hooks')
    .description('the webhooks of a repository or an organisation on its git host')
    .addCommand(sub('list', 'its webhooks', [], listed))
    .addCommand(sub('create', 'make ours, or bring it up to date', [], created))
    .addCommand(sub('ping', 'have the host send a ping', ['hook'], pinged))
    .addCommand(sub('deliveries', 'what the host has sent lately', ['hook'], delivered))
    .addCommand(sub('redeliver', 'have the host send one again', ['hook', 'delivery'], redelivered))
    .addCommand(sub('delete', 'remove one', ['hook'], deleted));
}

const EXAMPLE_NUMBERS = { hook: '512034', delivery: '90210' } as const;

function sub(name: string, description: string, ids: readonly ('hook' | 'delivery')[], act: Act): Command {
  const numbers = ids.map((id) => EXAMPLE_NUMBERS[id]).join(' ');
  const command = examples(
    targeted(new Command(name)),
    `hooks ${name} acme/app ${numbers}`.trimEnd(),
    `hooks ${name} acme ${numbers} --host ghes.example.com --stack Hookline`.replace('  ', ' '),
  )
    .description(description)
    .argument('<of>', 'a repository owner/name, or an organisation')
    .option('--host <name>', 'the git host', usualProvider.usualHost.name);
  for (const id of ids)
    command.argument(`<${id}>`, `the number of the ${id}, as the lists show it`, numbered);
  return command.action((...given: unknown[]) => {
    const [of, ...rest] = given.slice(0, ids.length + 1).map(String);
    const options = command.opts<Options>();
    return withTarget(options, async (connection) => {
      const { hooksOf } = await import('../../operate/hosts/hooks.ts');
      const hooks = await hooksOf(connection, { host: options.host, of: of ?? '' });
      const { value, text } = await act(hooks, rest);
      if (options.json) printJson(value);
      else text();
    });
  });
}

function numbered(text: string): string {
  if (/^\d+$/.test(text)) return text;
  throw new InvalidArgumentError(
    `${JSON.stringify(text)} is no number of a webhook or a delivery: the lists show them`,
  );
}

const [first, second] = [0, 1];

const listed: Act = async (hooks) => {
  const value = await hooks.list();
  const rows = value.map(({ id, active, config, events }) => [
    String(id),
    active ? 'on' : 'off',
    events.join(','),
    config.url ?? '',
  ]);
  return { value, text: () => printTable(['HOOK', 'STATE', 'EVENTS', 'URL'], rows) };
};

const created: Act = async (hooks) => {
  const value = await hooks.create();
  return {
    value,
    text: () => print(`${value.created ? 'Made' : 'Brought up to date'} the webhook ${value.hook.id}`),
  };
};

const pinged: Act = async (hooks, ids) => {
  await hooks.ping(ids[first] ?? '');
  return { value: {}, text: () => print('Asked for a ping: see "hookline deliveries list"') };
};

const delivered: Act = async (hooks, ids) => {
  const value = await hooks.deliveries(ids[first] ?? '');
  const rows = value.map((each) => [
    each.id,
    each.delivered_at,
    each.event,
    String(each.status_code),
    each.guid,
  ]);
  return { value, text: () => printTable(['DELIVERY', 'SENT', 'EVENT', 'STATUS', 'ID'], rows) };
};

const redelivered: Act = async (hooks, ids) => {
  await hooks.redeliver(ids[first] ?? '', ids[second] ?? '');
  return { value: {}, text: () => print('Asked for the delivery again') };
};

const deleted: Act = async (hooks, ids) => {
  await hooks.remove(ids[first] ?? '');
  return { value: {}, text: () => print('Removed the webhook') };
};
