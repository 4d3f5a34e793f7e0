import * as z from 'zod';
import { unsupported } from '../../core/aws-error.ts';
import { withoutEffect } from '../../core/gate.ts';
import type { Api } from './api.ts';
import { throttle } from './throttle.ts';

/** AWS::ApiGateway::Stage */
export const stageSchema = z.strictObject({
  RestApiId: z.string(),
  StageName: z.string().regex(/^\w[\w-]{0,127}$/, 'a stage name holds letters, digits, - and _'),
  // A deployment is always what the API is now; nobody traces a stage, or looks for one by a tag.
  ...withoutEffect('DeploymentId', 'Description', 'Tags', 'TracingEnabled'),
  AccessLogSetting: z.strictObject({ DestinationArn: z.string(), Format: z.string() }).optional(),
  MethodSettings: z
    .array(
      z.strictObject({
        ResourcePath: z.string(),
        HttpMethod: z.string(),
        // The access log is the only one.
        ...withoutEffect('DataTraceEnabled', 'LoggingLevel', 'MetricsEnabled'),
        ThrottlingRateLimit: z.coerce.number().optional(),
        ThrottlingBurstLimit: z.coerce.number().optional(),
      }),
    )
    .default([]),
});

// What an account has unless a stage sets less.
const ACCOUNT_RATE = 10_000;
const ACCOUNT_BURST = 5000;

export function addStage(
  api: Api,
  { StageName, AccessLogSetting, MethodSettings }: z.output<typeof stageSchema>,
): string {
  const [all, ...others] = MethodSettings;
  if (others.length > 0 || (all && (all.ResourcePath !== '/*' || all.HttpMethod !== '*')))
    throw unsupported(`settings of single methods in the stage ${StageName}: only those of "/*" and "*"`);
  api.stages.set(StageName, {
    admit: throttle(all?.ThrottlingRateLimit ?? ACCOUNT_RATE, all?.ThrottlingBurstLimit ?? ACCOUNT_BURST),
    log: AccessLogSetting && {
      group: AccessLogSetting.DestinationArn.replace(/^.*:log-group:/, '').replace(/:\*$/, ''),
      format: AccessLogSetting.Format,
    },
  });
  return StageName;
}
