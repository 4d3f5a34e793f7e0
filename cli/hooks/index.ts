import { Command, InvalidArgumentError } from 'commander';
import type { Hooks } from '../../operate/hosts/hooks.ts';
import { examples } from '../options.ts';
import { print, printJson, tableOr } from '../print.ts';
import { type Target, targeted, withTarget } from '../target.ts';

type Options = Target & { host?: string };

/** Does one thing with the webhooks of a repository or an organisation. @returns its JSON, and how its text is printed */
type HookAction = (
  hooks: Hooks,
  ids: readonly string[],
) => Promise<{ readonly value: unknown; readonly text: () => void }>;

export function hooksCommand(): Command {
  return new Command('hooks')
    .description('the webhooks of a repository or an organisation on its git host')
    .addCommand(hookCommand('list', 'its webhooks', [], listHooks))
    .addCommand(hookCommand('create', 'make ours, or bring it up to date', [], createHook))
    .addCommand(hookCommand('ping', 'have the host send a ping', ['hook'], pingHook))
    .addCommand(hookCommand('deliveries', 'what the host has sent lately', ['hook'], listDeliveries))
    .addCommand(hookCommand('redeliver', 'have the host send one again', ['hook', 'delivery'], redeliver))
    .addCommand(hookCommand('delete', 'remove one', ['hook'], deleteHook));
}

const EXAMPLE_NUMBERS = { hook: '512034', delivery: '90210' } as const;

function hookCommand(
  name: string,
  description: string,
  ids: readonly ('hook' | 'delivery')[],
  action: HookAction,
): Command {
  const numbers = ids.map((id) => EXAMPLE_NUMBERS[id]).join(' ');
  const command = examples(
    targeted(new Command(name)),
    `hooks ${name} acme/app ${numbers}`.trimEnd(),
    `hooks ${name} acme ${numbers} --host ghes.example.com --stack Hookline`.replace('  ', ' '),
  )
    .description(description)
    .argument('<of>', 'a repository owner/name, or an organisation')
    .option('--host <name>', 'the git host, where more than one has a token');
  for (const id of ids)
    command.argument(`<${id}>`, `the number of the ${id}, as the lists show it`, hookNumber);
  return command.action((...given: unknown[]) => {
    const [of, ...rest] = given.slice(0, ids.length + 1).map(String);
    const options = command.opts<Options>();
    return withTarget(options, async (connection) => {
      const { hooksOf, onlyHost } = await import('../../operate/hosts/hooks.ts');
      const host = options.host ?? (await onlyHost(connection));
      const hooks = await hooksOf(connection, { host, of: of ?? '' });
      const { value, text } = await action(hooks, rest);
      if (options.json) printJson(value);
      else text();
    });
  });
}

function hookNumber(text: string): string {
  if (/^\d+$/.test(text)) return text;
  throw new InvalidArgumentError(
    `${JSON.stringify(text)} is not the number of a webhook or a delivery: "hookline hooks list" and "hookline hooks deliveries" show them`,
  );
}

const listHooks: HookAction = async (hooks) => {
  const value = await hooks.list();
  const rows = value.map(({ id, active, config, events }) => [
    String(id),
    active ? 'on' : 'off',
    events.join(','),
    config.url ?? '',
  ]);
  return {
    value,
    text: () =>
      tableOr(
        'No webhook: make ours with "hookline hooks create".',
        ['HOOK', 'STATE', 'EVENTS', 'URL'],
        rows,
      ),
  };
};

const createHook: HookAction = async (hooks) => {
  const value = await hooks.create();
  return {
    value,
    text: () => print(`${value.created ? 'Made' : 'Brought up to date'} the webhook ${value.hook.id}`),
  };
};

const pingHook: HookAction = async (hooks, [hook = '']) => {
  await hooks.ping(hook);
  return { value: {}, text: () => print('Asked for a ping: see "hookline deliveries list"') };
};

const listDeliveries: HookAction = async (hooks, [hook = '']) => {
  const value = await hooks.deliveries(hook);
  const rows = value.map((each) => [
    each.id,
    each.delivered_at,
    each.event,
    String(each.status_code),
    each.guid,
  ]);
  return {
    value,
    text: () =>
      tableOr(
        'The host has sent nothing lately: have it send a ping with "hookline hooks ping".',
        ['DELIVERY', 'SENT', 'EVENT', 'STATUS', 'ID'],
        rows,
      ),
  };
};

const redeliver: HookAction = async (hooks, [hook = '', delivery = '']) => {
  await hooks.redeliver(hook, delivery);
  return { value: {}, text: () => print('Asked for the delivery again') };
};

const deleteHook: HookAction = async (hooks, [hook = '']) => {
  await hooks.remove(hook);
  return { value: {}, text: () => print('Removed the webhook') };
};
