import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { deliverySchema } from '../../../events/delivery.ts';
import { handler as overflow } from '../../../functions/overflow/index.ts';
import { handler as validate } from '../../../functions/validate/index.ts';
import { next, type Payloads, previous } from '../../support/functions/releases.ts';
import { type Aws, context, deployRules, startAws } from '../../support/functions/validate-aws.ts';

let aws: Aws;
beforeAll(async () => {
  aws = await startAws();
});
afterAll(() => aws?.close());

const written = {
  delivery: {
    provider: 'github',
    host: 'github.com',
    id: 'delivery-1',
    event: 'push',
    repository: { fullName: 'acme/app', defaultBranch: 'main' },
    ref: 'refs/heads/main',
    commit: 'a'.repeat(40),
    created: false,
    deleted: false,
    forced: false,
    sender: 'octocat',
  },
  route: 'pull',
};

describe.each<[string, Payloads]>([
  ['the release before', previous],
  ['a release to come', next],
])('what %s has under way', (_, { hosts, raw, event, overflow: carried }) => {
  beforeEach(() => {
    aws.forget();
    aws.hosts = hosts;
    deployRules({ name: 'default' });
  });

  it('is validated, with nothing in the output but what the schema says', async () => {
    const { delivery, route } = await validate(raw, context);
    expect({ delivery, route }).toEqual(written);
    expect(deliverySchema.strict().parse(delivery)).toEqual(written.delivery);
  });

  it('is refused once the rule is removed, and validated by the rule when that is back', async () => {
    deployRules({ name: 'other' });
    for (const input of [raw, carried])
      await expect(validate(input, context)).rejects.toMatchObject({
        name: 'Misconfigured',
        message: expect.stringMatching(/^rule "default" is not deployed \(deployed: other\); .*redrive/),
      });
    deployRules({ name: 'default' });
    for (const input of [raw, carried])
      expect((await validate(input, context)).rule).toEqual({
        ...{ name: 'default', asksFor: [], status: false, superseded: 'stop' },
        pull: { submodules: false, lfs: false, git: false, compute: 'lambda' },
      });
  });

  it('is made small on the way of the overflow queue', async () => {
    const arn = 'arn:aws:events:us-east-1:000000000000:rule/hookline/hookline-default';
    const record = {
      body: JSON.stringify(event),
      messageAttributes: { RULE_ARN: { stringValue: arn, dataType: 'String' } },
    };
    const [input] = await overflow([record], context);
    expect(input.overflow).toMatchObject(written);
  });

  it('is taken from the Pipe', async () => {
    expect(await validate(carried, context)).toMatchObject(written);
  });
});
