import * as z from 'zod';
import { unsupported } from '../../core/aws-error.ts';
import type { Resource } from '../../core/cloud.ts';
import { parseStrictly } from '../../core/input.ts';
import type { Api } from './api.ts';
import { throttle } from './throttle.ts';

const stageSchema = z.strictObject({
  RestApiId: z.string(),
  DeploymentId: z.string().optional(),
  StageName: z.string(),
  Description: z.string().optional(),
  // Nobody traces it, or looks for it by a tag.
  TracingEnabled: z.unknown().optional(),
  Tags: z.unknown().optional(),
  AccessLogSetting: z.strictObject({ DestinationArn: z.string(), Format: z.string() }).optional(),
  MethodSettings: z
    .array(
      z.strictObject({
        ResourcePath: z.string(),
        HttpMethod: z.string(),
        // The access log is the only one.
        DataTraceEnabled: z.unknown().optional(),
        LoggingLevel: z.unknown().optional(),
        MetricsEnabled: z.unknown().optional(),
        ThrottlingRateLimit: z.coerce.number().optional(),
        ThrottlingBurstLimit: z.coerce.number().optional(),
      }),
    )
    .default([]),
});

// What an account has unless a stage sets less.
const ACCOUNT_RATE = 10_000;
const ACCOUNT_BURST = 5000;

export function addStage(api: Api, { properties, logicalId }: Resource): string {
  const { StageName, AccessLogSetting, MethodSettings } = parseStrictly(
    stageSchema,
    properties,
    `the stage ${logicalId}`,
  );
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
