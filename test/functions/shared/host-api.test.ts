import { HttpResponse, http } from 'msw';
import { setupServer } from 'msw/node';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { HostRests } from '../../../events/host-rest.ts';
import { hostsSchema } from '../../../events/hosts.ts';
import { asHostError, askHost } from '../../../functions/shared/host-api.ts';
import { stubAwsEnvironment } from '../../support/functions/aws-environment.ts';

const hosts = {
  'github.com': { provider: 'github', url: 'https://github.com', credentialSecret: 'credentials' },
};
const refusal = { __type: 'AccessDeniedException', message: 'not authorized to read the secret' };
const server = setupServer(
  http.post('http://aws.test/', ({ request }) =>
    request.headers.get('x-amz-target') === 'AmazonSSM.GetParameter'
      ? HttpResponse.json({ Parameter: { Value: JSON.stringify(hosts) } })
      : HttpResponse.json(refusal, { status: 400 }),
  ),
);
beforeAll(() => {
  server.listen({ onUnhandledRequest: 'error' });
  stubAwsEnvironment('http://aws.test');
});
afterAll(() => {
  vi.unstubAllEnvs();
  server.close();
});

it('what AWS refuses on the way to a host keeps its name, and is no host that did not answer', async () => {
  const asked = askHost('github.com', 'acme/app', () => Promise.reject(new Error('asked')));
  await expect(asked).rejects.toMatchObject({ name: refusal.__type, message: refusal.message });
});

it('a host at its limit is one to be asked again, once it has rested', async () => {
  const settings = hostsSchema.parse(hosts)['github.com'];
  if (!settings) throw new Error('there is no host');
  const asked = asHostError('github.com', settings, () => Promise.reject(new HostRests('github.com', 90)));
  await expect(asked).rejects.toMatchObject({
    name: 'HostUnreachable',
    message:
      'the API of github.com (https://api.github.com) answers that there were too many requests; it asks for 90 s of rest',
  });
});
