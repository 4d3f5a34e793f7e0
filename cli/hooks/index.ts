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
    .addCommand(
      hookCommand('create', 'make ours, or bring it up to date: address, secret, events', [], createHook),
    )
    .addCommand(hookCommand('ping', 'have the host send a ping', [hookArgument], pingHook))
    .addCommand(hookCommand('deliveries', 'what the host has sent lately', [hookArgument], listDeliveries))
    .addCommand(
      hookCommand(
        'redeliver',
        'have the host send one again',
        [hookOrIdArgument, deliveryArgument],
        redeliver,
      ),
    )
    .addCommand(hookCommand('delete', 'remove one', [hookArgument], deleteHook));
}

/** How an argument behind the repository is declared, and an example of it. */
interface HookArgument {
  readonly flags: string;
  readonly description: string;
  readonly example: string;
  readonly parse: (text: string) => string;
}

const hookArgument: HookArgument = {
  flags: '<hook>',
  description: 'the number of the hook, as the lists show it',
  example: '512034',
  parse: hookNumber,
};
const hookOrIdArgument: HookArgument = {
  ...hookArgument,
  description: 'the number of the hook; or, alone, the id of a delivery, which is looked for in every hook',
  parse: (text) => (isDeliveryId(text) ? text : hookNumber(text)),
};
const deliveryArgument: HookArgument = {
  flags: '[delivery]',
  description: 'the number of the delivery, as the lists show it',
  example: '90210',
  parse: hookNumber,
};

function hookCommand(
  name: string,
  description: string,
  behind: readonly HookArgument[],
  action: HookAction,
): Command {
  const numbers = behind.map(({ example }) => example).join(' ');
  const command = examples(
    targeted(new Command(name)),
    `hooks ${name} acme/app ${numbers}`.trimEnd(),
    `hooks ${name} acme ${numbers} --host ghes.example.com --stack Hookline`.replace('  ', ' '),
  )
    .description(description)
    .argument('<of>', 'a repository owner/name, or an organisation')
    .option('--host <name>', 'the git host, where more than one has a token');
  for (const { flags, description, parse } of behind) command.argument(flags, description, parse);
  return command.action((...given: unknown[]) => {
    const [of, ...rest] = given.slice(0, behind.length + 1).filter((each) => typeof each === 'string');
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

/** As a git host makes them: the number of a webhook has no dash. */
const isDeliveryId = (text: string): boolean => /^[\w.]+(-[\w.]+)+$/.test(text);

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
  const { deliveries: value } = await hooks.deliveries(hook);
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

const redeliver: HookAction = async (hooks, [first = '', second]) => {
  const [hook, delivery] = second === undefined ? await numbersOf(hooks, first) : [first, second];
  await hooks.redeliver(hook, delivery);
  return { value: {}, text: () => print('Asked for the delivery again: see "hookline deliveries list"') };
};

/** The number of the hook that has sent a delivery, and of its last sending. @throws when none has lately */
async function numbersOf(hooks: Hooks, id: string): Promise<readonly [hook: string, delivery: string]> {
  for (const hook of await hooks.list()) {
    const { deliveries } = await hooks.deliveries(String(hook.id));
    const sent = deliveries.find(({ guid }) => guid === id);
    if (sent) return [String(hook.id), sent.id];
  }
  throw new Error(
    `no webhook there has sent a delivery ${id} lately: name the whole id, or the numbers of hook and delivery as "hookline hooks deliveries" shows them`,
  );
}

const deleteHook: HookAction = async (hooks, [hook = '']) => {
  await hooks.remove(hook);
  return { value: {}, text: () => print('Removed the webhook') };
};
