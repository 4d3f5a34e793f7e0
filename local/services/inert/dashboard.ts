import * as z from 'zod';
import { inert, tagList } from '../../core/forms.ts';

const MAX_COLUMNS = 24;

const at = {
  x: z
    .number()
    .int()
    .min(0)
    .max(MAX_COLUMNS - 1)
    .optional(),
  y: z.number().int().min(0).optional(),
  width: z.number().int().min(1).max(MAX_COLUMNS).optional(),
  height: z.number().int().min(1).max(1000).optional(),
};
const region = z.string().min(1);

const of = <Type extends string>(type: Type, members: z.ZodRawShape) =>
  z.looseObject({ type: z.literal(type), properties: z.looseObject(members), ...at });

const metricWidget = z
  .looseObject({
    region,
    metrics: z.array(z.array(z.unknown()).min(1)).min(1).max(500).optional(),
    annotations: z.looseObject({ alarms: z.array(z.string()).length(1).optional() }).optional(),
    view: z.enum(['bar', 'gauge', 'pie', 'singleValue', 'table', 'timeSeries']).optional(),
    period: z.union([z.literal([1, 5, 10, 20, 30]), z.number().int().positive().multipleOf(60)]).optional(),
  })
  .refine(
    ({ metrics, annotations }) => metrics !== undefined || annotations?.alarms !== undefined,
    'a widget of metrics has metrics, or an alarm in its annotations',
  );

// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
const widget = z.discriminatedUnion('type', [
  of('alarm', { alarms: z.array(z.string()).min(1).max(100) }),
  of('custom', { endpoint: z.string().min(1) }),
  of('explorer', {
    labels: z.array(z.unknown()),
    metrics: z.array(z.unknown()),
    widgetOptions: z.unknown().optional(),
  }),
  of('log', { region, query: z.string().min(1) }),
  z.looseObject({ type: z.literal('metric'), properties: metricWidget, ...at }),
  of('text', { markdown: z.string() }),
  of('trace', {}),
]);

const body = z.looseObject({ widgets: z.array(widget).max(500) });

/** AWS::CloudWatch::Dashboard. https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutDashboard.html */
export const dashboardSchema = z.strictObject({
  DashboardName: z
    .string()
    .regex(/^[\w-]{1,255}$/, 'holds letters, digits, - and _')
    .optional(),
  DashboardBody: z.string().superRefine(checkBody),
  Tags: inert(tagList),
});

function checkBody(text: string, { addIssue }: z.core.$RefinementCtx): void {
  try {
    const { error } = body.safeParse(JSON.parse(text));
    if (error) addIssue(`the dashboard body is invalid: ${z.prettifyError(error)}`);
  } catch (error) {
    addIssue(`the dashboard body is no JSON: ${String(error)}`);
  }
}
