import * as z from 'zod';
import type { Provisioned } from '../../core/cloud.ts';
import { inert, keyId, tagList } from '../../core/forms.ts';
import { pageOf } from '../../core/paging.ts';
import { pageMembers } from './lists.ts';
import { arnOf, busOf, type State } from './tables.ts';

export const busProperties = z.strictObject({
  Name: z
    .string()
    .regex(
      /^(?!default$|aws\.)[\w.-]{1,256}$/,
      'holds letters, digits, . - and _, does not begin with aws., and is not default',
    ),
  Description: z.string().max(512).optional(),
  KmsKeyIdentifier: inert(keyId),
  Tags: inert(tagList),
});

export function provisionBus(
  state: State,
  { Name, Description }: z.infer<typeof busProperties>,
): Provisioned {
  const arn = arnOf(state.cloud, `event-bus/${Name}`);
  state.buses.set(Name, { name: Name, arn, description: Description });
  return { ref: Name, attributes: { Arn: arn, Name, Policy: '' } };
}

export const describeInput = z.strictObject({ Name: z.string().optional() });

export function describeBus(state: State, { Name }: z.infer<typeof describeInput>) {
  const { name, arn, description } = busOf(state, Name);
  return { Name: name, Arn: arn, Description: description };
}

export const listInput = z.strictObject({ NamePrefix: z.string().default(''), ...pageMembers });

export function listBuses(state: State, { NamePrefix, Limit, NextToken }: z.infer<typeof listInput>) {
  const named = [...state.buses.values()].filter(({ name }) => name.startsWith(NamePrefix));
  const { items, next } = pageOf(named, ({ name }) => name, { limit: Limit, after: NextToken });
  return { EventBuses: items.map(({ name, arn }) => ({ Name: name, Arn: arn })), NextToken: next };
}
