import * as z from 'zod';
import { unsupported } from '../../core/aws-error.ts';
import { inert, tagList } from '../../core/forms.ts';
import { templateBoolean } from '../../core/input.ts';
import type { Api } from './api.ts';
import { throttle } from './throttle.ts';

/** AWS::ApiGateway::Stage */
export const stageSchema = z.strictObject({
  RestApiId: z.string(),
  StageName: z.string().regex(/^\w[\w-]{0,127}$/, 'a stage name holds letters, digits, - and _'),
  // A deployment is always what the API is now; nobody traces a stage, or looks for one by a tag.
  DeploymentId: z.string().meta({ withoutEffect: true }),
  Description: inert(z.string().max(1024)),
  Tags: inert(tagList),
  TracingEnabled: inert(templateBoolean),
  AccessLogSetting: z
    .strictObject({
      DestinationArn: z
        .string()
        .regex(/^arn:[\w-]+:logs:[^:]+:\d{12}:log-group:[^:]+(?::\*)?$/, 'is no ARN of a log group'),
      // https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
      Format: z
        .string()
        .regex(
          /\$context\.(?:requestId|extendedRequestId)\b/,
          'a format has $context.requestId or $context.extendedRequestId',
        )
        .regex(/^[^\n]*\n?$/, 'a format is one line: a line break stands at its end alone'),
    })
    .optional(),
  MethodSettings: z
    .array(
      z.strictObject({
        ResourcePath: z.string(),
        HttpMethod: z.string(),
        // The access log is the only one.
        DataTraceEnabled: inert(templateBoolean),
        LoggingLevel: inert(z.enum(['ERROR', 'INFO', 'OFF'])),
        MetricsEnabled: inert(templateBoolean),
        ThrottlingRateLimit: z.coerce.number().min(0).optional(),
        ThrottlingBurstLimit: z.coerce.number().int().min(0).optional(),
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
