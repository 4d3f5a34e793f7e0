import { Stack, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import * as z from 'zod';

/** Accepts one finding of cdk-nag on a construct and what is below it, for a reason. */
export function acknowledge(construct: IConstruct, id: string, reason: string): void {
  Validations.of(construct).acknowledge({ id, reason });
}

/**
 * Accepts wildcards in the policies of a construct and what is below it, each of them by name, for a reason.
 * @param wildcards actions (`s3:GetObject*`) and resources (an ARN, or `*`)
 */
export function acknowledgeWildcards(
  construct: IConstruct,
  wildcards: readonly string[],
  reason: string,
): void {
  for (const wildcard of wildcards) {
    const kind = /^[a-z0-9-]+:[A-Z]/.test(wildcard) ? 'Action' : 'Resource';
    acknowledge(construct, `AwsSolutions-IAM5[${kind}::${asCdkNagWrites(construct, wildcard)}]`, reason);
  }
}

const intrinsicSchema = z.union([
  z.string(),
  z.object({ Ref: z.string() }).transform(({ Ref }) => `<${Ref}>`),
  z.object({ 'Fn::GetAtt': z.array(z.string()) }).transform((value) => `<${value['Fn::GetAtt'].join('.')}>`),
]);
const joinSchema = z
  .object({ 'Fn::Join': z.tuple([z.string(), z.array(intrinsicSchema)]) })
  .transform(({ 'Fn::Join': [separator, parts] }) => parts.join(separator));

/** A value with its references as cdk-nag writes them: `<LogicalId.Arn>/*`. */
function asCdkNagWrites(construct: IConstruct, value: string): string {
  return z.union([intrinsicSchema, joinSchema]).parse(Stack.of(construct).resolve(value));
}
