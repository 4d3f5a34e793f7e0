import { beforeEach, expect, it } from 'vitest';
import { appOf, credential, webhookSecrets } from '../../../functions/shared/secrets.ts';
import { answeredCalls } from '../../support/functions/answer-calls.ts';

const answers = answeredCalls();
let names = 0;
const asked: unknown[] = [];
const given = (secret: unknown) => {
  answers.GetSecretValue = ({ SecretId }) => {
    asked.push(SecretId);
    return { SecretString: JSON.stringify(secret) };
  };
};
const host = () => ({ credentialSecret: `credentials-${names}` }) as Parameters<typeof credential>[1];
beforeEach(() => {
  names += 1;
  asked.length = 0;
  Object.assign(process.env, { WEBHOOK_SECRET_ARN: `webhooks-${names}`, APPS_SECRET_ARN: `apps-${names}` });
});

it('a secret that is not as it should be is named, and nothing of it is told', async () => {
  given([]);
  const failures: readonly [Promise<unknown>, string][] = [
    [webhookSecrets('git.test'), 'the webhook secret'],
    [credential('git.test', host()), `the credentials secret credentials-${names}`],
    [appOf('git.test'), "the secret of the hosts' Apps"],
  ];
  for (const [call, name] of failures)
    await expect(call).rejects.toMatchObject({
      name: 'Misconfigured',
      message: expect.stringMatching(new RegExp(`^${name} is not as it should be; change the value: `)),
    });
  expect(asked).toEqual([`webhooks-${names}`, `credentials-${names}`, `apps-${names}`]);
});

it('a host has its own secrets alone, and none by the name of what every object has', async () => {
  given({ 'git.test': 'one', 'ghe.test': ['two', 'old'] });
  expect(await webhookSecrets('git.test')).toEqual(['one']);
  expect(await webhookSecrets('ghe.test')).toEqual(['two', 'old']);
  for (const name of ['other.test', 'constructor']) expect(await webhookSecrets(name)).toEqual([]);
});

it('a host without a credential has none, and nobody else’s', async () => {
  given({ 'git.test': { token: 'one' } });
  expect(await credential('git.test', host())).toEqual({ token: 'one' });
  for (const name of ['other.test', 'constructor']) expect(await credential(name, host())).toEqual({});
  asked.length = 0;
  expect(await credential('git.test', {} as ReturnType<typeof host>)).toEqual({});
  expect(asked).toEqual([]);
});

it('a webhook has at most two secrets, none of them empty', async () => {
  for (const wrong of [['one', 'two', 'three'], [''], '']) {
    names += 1;
    process.env.WEBHOOK_SECRET_ARN = `webhooks-${names}`;
    given({ 'git.test': wrong });
    await expect(webhookSecrets('git.test')).rejects.toMatchObject({ name: 'Misconfigured' });
  }
});

it('an App that is not there says how it is set', async () => {
  given({ 'git.test': { id: '1', privateKey: 'key' } });
  const message =
    'the credential of other.test is an App that is not there: set it with "hookline secret set other.test app", after `app: true` of the host in cdk.json is deployed';
  await expect(appOf('other.test')).rejects.toMatchObject({ name: 'Misconfigured', message });
  await expect(appOf('constructor')).rejects.toMatchObject({ name: 'Misconfigured' });
  delete process.env.APPS_SECRET_ARN;
  await expect(appOf('other.test')).rejects.toMatchObject({ name: 'Misconfigured', message });
});
