import * as z from 'zod';
import type { Provisioned, Resource } from '../../core/cloud.ts';
import { page } from './page.ts';
import { arnOf, busOf, type State } from './tables.ts';

const busProperties = z.object({ Name: z.string().min(1), Description: z.string().optional() });

export function provisionBus(state: State, { properties }: Resource): Provisioned {
  const { Name, Description } = busProperties.parse(properties);
  const arn = arnOf(state.cloud, `event-bus/${Name}`);
  state.buses.set(Name, { name: Name, arn, description: Description });
  return { ref: Name, attributes: { Arn: arn, Name, Policy: '' } };
}

export function describeBus(state: State, input: unknown) {
  const { Name } = z.object({ Name: z.string().optional() }).parse(input);
  const { name, arn, description } = busOf(state, Name);
  return { Name: name, Arn: arn, Description: description };
}

export function listBuses(state: State, input: unknown) {
  const { NamePrefix } = z.object({ NamePrefix: z.string().default('') }).parse(input);
  const found = [...state.buses.values()].filter(({ name }) => name.startsWith(NamePrefix));
  const { items, NextToken } = page(found, input);
  return { EventBuses: items.map(({ name, arn }) => ({ Name: name, Arn: arn })), NextToken };
}
