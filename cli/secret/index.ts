import { text } from 'node:stream/consumers';
import { Argument, Command } from 'commander';
import { SECRET_KINDS, type SecretKind } from '../../operate/hosts/secret-kinds.ts';
import { examples } from '../options.ts';
import { print, printJson } from '../print.ts';
import { type Target, targeted, withTarget } from '../target.ts';

export function secretCommand(): Command {
  return new Command('secret')
    .description('the secrets shared with each git host')
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(setCommand())
    .addCommand(rotateCommand());
}

function listCommand(): Command {
  return examples(targeted(new Command('list')), 'secret list')
    .description('which values each host has, and none of them')
    .action((options: Target) =>
      withTarget(options, async (connection) => {
        const { secretsSet } = await import('../../operate/hosts/secrets.ts');
        const hosts = await secretsSet(connection);
        if (options.json) return printJson(hosts);
        for (const [host, kinds] of Object.entries(hosts)) print(`${host}: ${kinds.join(', ') || 'nothing'}`);
      }),
    );
}

function showCommand(): Command {
  return examples(targeted(new Command('show')), 'secret show github.com --reveal')
    .description('the webhook secrets of a host, to be set on its webhooks: the current one first')
    .argument('<host>', 'the host, as github.com')
    .option('--reveal', 'print them')
    .action((host: string, options: Target & { reveal?: boolean }, command: Command) => {
      if (!options.reveal)
        command.error('error: whoever sees the screen, or its record, would see the secret: add --reveal');
      return withTarget(options, async (connection) => {
        const { webhookSecrets } = await import('../../operate/hosts/webhook-secrets.ts');
        const secrets = await webhookSecrets(connection, host);
        if (options.json) printJson({ host, secrets });
        else for (const secret of secrets) print(secret);
      });
    });
}

function setCommand(): Command {
  return examples(
    targeted(new Command('set')),
    'secret set github.com token < token.txt',
    'secret set github.com app --app-id 123456 < private-key.pem',
    'secret set ghes.example.com ssh-key < deploy-key',
  )
    .description('set one value of a host, read from standard input')
    .argument('<host>', 'the host, as github.com')
    .addArgument(new Argument('<kind>', 'which value').choices([...SECRET_KINDS]))
    .option('--app-id <id>', 'the id or the client id of an app, whose private key is the value')
    .action((host: string, kind: SecretKind, options: Target & { appId?: string }, command: Command) => {
      const { appId: id } = options;
      if ((kind === 'app') !== (id !== undefined))
        command.error('error: an app has an id, and nothing else has: give --app-id with the kind app');
      return withTarget(options, async (connection) => {
        const { setApp } = await import('../../operate/hosts/apps.ts');
        const { setSecret } = await import('../../operate/hosts/secrets.ts');
        if (process.stdin.isTTY) process.stderr.write(`The ${kind} of ${host}, and then Ctrl-D:\n`);
        const value = await text(process.stdin);
        const changes =
          kind === 'app'
            ? await setApp(connection, host, { id: id ?? '', privateKey: value })
            : await setSecret(connection, host, kind, value);
        if (options.json) printJson({ host, kind });
        else print(`Set the ${kind} of ${host}: the functions use the new value within a minute`);
        if (!options.json && changes.length > 0) print(`In the given value, ${changes.join(', and ')}`);
      });
    });
}

function rotateCommand(): Command {
  return examples(targeted(new Command('rotate')), 'secret rotate github.com')
    .description('a new webhook secret beside the present one: both are valid until the next rotation')
    .argument('<host>', 'the host, as github.com')
    .action((host: string, options: Target) =>
      withTarget(options, async (connection) => {
        const { rotateWebhookSecret } = await import('../../operate/hosts/webhook-secrets.ts');
        const secret = await rotateWebhookSecret(connection, host);
        if (options.json) printJson({ host, secret });
        else
          print(
            `${secret}\n\nSet the new secret on the webhooks of ${host}; the present secret stays valid until then.`,
          );
      }),
    );
}
