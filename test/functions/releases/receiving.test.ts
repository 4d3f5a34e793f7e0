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

  it('is validated by the rule that came with it, once the rule is removed', async () => {
    deployRules({ name: 'other' });
    const { rule } = await validate(raw, context);
    expect(rule).toMatchObject({ name: 'default', pipeline: { name: 'deploy' }, asksFor: ['push'] });
    expect(rule).not.toHaveProperty('later');
    expect(rule.pull).not.toHaveProperty('later');
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
