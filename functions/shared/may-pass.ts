import { errors } from '../../statemachine/errors.ts';
import { PASSING } from '../../statemachine/pull-again.ts';
import { lambdaErrors, sdkErrors } from '../../statemachine/service-errors.ts';

/** Whether a call of AWS that fails by an error may succeed a while later. */
export const isPassingOfAws = (error: unknown): boolean =>
  error instanceof Error && sdkErrors.some((name) => name === error.name);

/** Whether a pull that fails by an error may succeed a while later. The name of an error of AWS begins the message. */
export function mayPass({ name, message }: { readonly name: string; readonly message: string }): boolean {
  if (name !== errors.pullFailed) return PASSING.includes(name);
  return [...sdkErrors, ...lambdaErrors].some((each) => message.startsWith(`${each}: `));
}
