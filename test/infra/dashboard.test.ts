import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { outcomes } from '../../statemachine/outcomes.ts';
import { of, propertiesOf } from '../support/template.ts';

const joined = z.object({ 'Fn::Join': z.tuple([z.literal(''), z.array(z.unknown())]) });
const reference = z.union([
  z.object({ Ref: z.string() }).transform(({ Ref }) => Ref),
  z
    .object({ 'Fn::GetAtt': z.tuple([z.string(), z.string()]) })
    .transform((got) => got['Fn::GetAtt'].join('.')),
]);
const widgetSchema = z.object({
  y: z.number(),
  height: z.number(),
  properties: z.looseObject({
    title: z.string(),
    query: z.string().optional(),
    alarms: z.array(z.string()).optional(),
    metrics: z.array(z.array(z.unknown())).optional(),
  }),
});

/** The dashboard's widgets, with the logical id in the place of a resource's name. */
function widgets() {
  const [dashboard] = propertiesOf('AWS::CloudWatch::Dashboard');
  const parts = joined.parse(dashboard?.DashboardBody)['Fn::Join'][1];
  const body = parts.map((part) => (typeof part === 'string' ? part : reference.parse(part))).join('');
  return z.object({ widgets: z.array(widgetSchema) }).parse(JSON.parse(body)).widgets;
}

/** The log groups that a query reads. */
const sourcesOf = (query: string) => [...query.matchAll(/SOURCE '(\w+)'/g)].map(([, id]) => id);

const idsOf = (type: string): string[] => of(type).map(([id]) => id);

describe('the dashboard', () => {
  it('shows the alarms, outcomes, the time to the pipeline, builds, throttles and queues, on one screen', () => {
    expect(widgets().map(({ properties: { title } }) => title)).toEqual([
      'Alarms',
      'Deliveries by outcome',
      'Webhook to pipeline, in ms',
      'Builds',
      'Throttles',
      'Queues: messages',
      'Queues: age of the oldest message',
    ]);
    // A unit of the grid is some 45 pixels high.
    expect(Math.max(...widgets().map(({ y, height }) => y + height))).toBeLessThanOrEqual(24);
  });

  it('shows every alarm of the stack', () => {
    const shown = widgets().flatMap(({ properties: { alarms = [] } }) => alarms);
    expect(shown.map((arn) => arn.split('.')[0]).toSorted()).toEqual(
      idsOf('AWS::CloudWatch::Alarm').toSorted(),
    );
  });

  it('reads metrics and logs of what the stack has', () => {
    const made = [
      'AWS::Lambda::Function',
      'AWS::CodeBuild::Project',
      'AWS::SQS::Queue',
      'AWS::StepFunctions::StateMachine',
    ];
    const ids = made.flatMap(idsOf);
    const filters = JSON.stringify(propertiesOf('AWS::Logs::MetricFilter'));
    const metrics = widgets().flatMap(({ properties: { metrics: all = [] } }) => all);
    expect(metrics.length).toBeGreaterThan(10);
    for (const [namespace, name, ...dimensions] of metrics) {
      const values = dimensions.filter((each) => typeof each === 'string');
      if (namespace === 'Hookline') expect(filters).toContain(`"MetricName":"${name}"`);
      else expect([name, ids]).toEqual([name, expect.arrayContaining([values[1]?.split('.')[0]])]);
    }
    const queries = widgets().flatMap(({ properties: { query = [] } }) => query);
    expect(queries).toHaveLength(2);
    for (const query of queries) {
      expect(sourcesOf(query)).not.toHaveLength(0);
      expect(idsOf('AWS::Logs::LogGroup')).toEqual(expect.arrayContaining(sourcesOf(query)));
    }
  });

  it('counts each outcome: the states of the machine by its log, and the ends outside of these by that of RecordEnd', () => {
    const { query = '' } =
      widgets().find(({ properties: { title } }) => title === 'Deliveries by outcome')?.properties ?? {};
    const [machine, recordEnd, ...others] = sourcesOf(query);
    expect(JSON.stringify(propertiesOf('AWS::StepFunctions::StateMachine'))).toContain(`"${machine}"`);
    const [end] = propertiesOf('AWS::Lambda::Function').filter(({ Description }) =>
      String(Description).startsWith('Records the end of an execution'),
    );
    expect(end?.LoggingConfig).toMatchObject({ LogGroup: { Ref: recordEnd } });
    expect(others).toEqual([]);
    expect(query).toMatch(/fields coalesce\(details\.name, outcome\) as ended\n/);
    expect(query).toMatch(/filter type in .* or ispresent\(outcome\)\n/);
    for (const outcome of Object.values(outcomes)) expect(query).toContain(`"${outcome}"`);
  });
});
