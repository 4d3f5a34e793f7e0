import { busRuleName } from '../../../../events/bus-event.ts';
import { type Trial, until } from '../trial.ts';

/** What the host tells of while a rule is off never comes to the rule. */
export async function withoutRule<T>(
  { runtime, outputs, gitHost }: Trial,
  name: string,
  done: () => Promise<T>,
): Promise<T> {
  const rule = { Name: busRuleName(outputs.busName, name), EventBusName: outputs.busName };
  await runtime.call('events', 'DisableRule', rule);
  const result = await done();
  await until(() => gitHost.deliveries().every(({ status }) => status !== 'pending'));
  await runtime.call('events', 'EnableRule', rule);
  return result;
}
