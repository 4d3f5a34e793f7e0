import { ResourceNotFoundException } from '@aws-sdk/client-secrets-manager';
import type { Connection } from '../connection/connection.ts';
import type { GitHost } from '../hosts/hosts.ts';
import { type HostSecrets, secretsOf } from '../hosts/secrets.ts';
import { type CheckResult, type Finding, failed, findingOf, notChecked, ok, warning } from './finding.ts';
import { keyProblem, knownHostsProblem } from './ssh.ts';

/** Checks that each value that a host needs is there and well-formed. No value is shown. */
export async function secretFindings(connection: Connection, host: GitHost): Promise<Finding[]> {
  const { name } = host;
  const secrets = secretsOf(connection, host);
  // Each check below reports the error.
  secrets.catch(() => undefined);
  const one = (what: string, check: (found: HostSecrets) => CheckResult): Promise<Finding> =>
    findingOf(`${name}: ${what}`, () => secrets.then(check, deletedSecret));
  return Promise.all([
    one('webhook secret', ({ webhook }) => checkWebhookSecret(name, webhook)),
    one('token', ({ token, app }) => (app ? ok('an App mints them') : checkToken(host, token))),
    ...(host.clone === 'ssh'
      ? [
          one('ssh key', ({ sshKey }) => checkSshValue(name, 'ssh-key', sshKey, keyProblem)),
          one('known hosts', ({ knownHosts }) =>
            checkSshValue(name, 'known-hosts', knownHosts, (text) => knownHostsProblem(text, sshName(host))),
          ),
        ]
      : []),
  ]);
}

function deletedSecret(error: unknown): CheckResult {
  if (!(error instanceof ResourceNotFoundException)) throw error;
  return failed(
    error.message,
    'somebody deleted a secret of the stack: AWS keeps it for 30 days, and "aws secretsmanager restore-secret" brings it back; after that, remove the stack and run "npx cdk deploy"',
  );
}

function checkWebhookSecret(host: string, values: readonly string[]): CheckResult {
  const advice = `make one with "hookline secret rotate ${host}", and give it to the webhooks`;
  if (values.length === 0)
    return failed('there is none: every delivery of this host ends in Rejected', advice);
  if (values.some((value) => value.trim() === '')) return failed('it is empty', advice);
  if (values.some((value) => value !== value.trim()))
    return warning('it begins or ends with white space, which git hosts cut off', advice);
  if (values.length > 2) return failed(`there are ${values.length}, and at most two are valid`, advice);
  return ok(values.length === 2 ? 'two values are valid: a rotation is going on' : 'it is there');
}

function checkToken({ name, clone }: GitHost, token: string | undefined): CheckResult {
  const advice = `set one with "hookline secret set ${name} token", the value on standard input`;
  if (token === undefined)
    return clone === 'ssh'
      ? notChecked(
          'there is none: repositories are cloned over ssh; commit statuses, "hooks" and "reconcile", which looks for what the host never sends again, need one',
        )
      : warning('there is none: only public repositories can be pulled, without commit statuses', advice);
  if (/\s/.test(token)) return failed('it has white space in it', advice);
  return ok('it is there');
}

function checkSshValue(
  host: string,
  kind: string,
  text: string | undefined,
  problem: (text: string) => string | undefined,
): CheckResult {
  const advice = `set it with "hookline secret set ${host} ${kind}", the value on standard input`;
  if (text === undefined) return failed('there is none, and the host is cloned over ssh', advice);
  const message = problem(text);
  return message === undefined ? ok('it is well-formed') : failed(message, advice);
}

const SSH_PORT = '22';

/** The host as ssh looks it up in known_hosts. */
function sshName({ ssh }: GitHost): string {
  const { hostname, port } = new URL(ssh);
  return port === '' || port === SSH_PORT ? hostname : `[${hostname}]:${port}`;
}
