import { afterAll, describe, expect, it } from 'vitest';
import {
  arnOf,
  one,
  type Properties,
  type Resources,
  role,
  services,
} from '../../support/local/templates.ts';

const { deploy, close } = services();
afterAll(close);

const GROUP: Resources = { Group: { Type: 'AWS::Logs::LogGroup', Properties: {} } };
const TOPIC: Resources = { Topic: { Type: 'AWS::SNS::Topic', Properties: {} } };
const OF_METRIC = { MetricName: 'm', Namespace: 'n', Period: 60, Statistic: 'Sum', Threshold: 1 };
const alarm = (more: Properties, of: Properties = OF_METRIC) =>
  one('AWS::CloudWatch::Alarm', {
    ComparisonOperator: 'GreaterThanThreshold',
    EvaluationPeriods: 1,
    ...of,
    ...more,
  });
const query = (Id: string, more: Properties = {}) => ({ Id, Expression: '1', ReturnData: false, ...more });
const result = query('a', { ReturnData: true });
const metrics = (...Metrics: Properties[]) => alarm({ Metrics }, { Threshold: 1 });
const filter = (FilterPattern: string, more: Properties = {}) =>
  one(
    'AWS::Logs::MetricFilter',
    {
      LogGroupName: { Ref: 'Group' },
      FilterPattern,
      MetricTransformations: [{ MetricName: 'm', MetricNamespace: 'n', MetricValue: '1', ...more }],
    },
    GROUP,
  );
const subscription = (Protocol: string, Endpoint: string) =>
  one('AWS::SNS::Subscription', { TopicArn: { Ref: 'Topic' }, Protocol, Endpoint }, TOPIC);
const group = (SecurityGroupEgress: Properties[], more: Properties = {}) =>
  one('AWS::EC2::SecurityGroup', { GroupDescription: 'd', SecurityGroupEgress, ...more });
const machine = (more: Properties) =>
  one(
    'AWS::StepFunctions::StateMachine',
    {
      RoleArn: arnOf('Role'),
      DefinitionString: '{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}',
      ...more,
    },
    role('states.amazonaws.com'),
  );
const logGroup = (LogGroupArn: unknown) => ({ CloudWatchLogsLogGroup: { LogGroupArn } });

const dashboard = (type: string, properties: Properties) =>
  one('AWS::CloudWatch::Dashboard', { DashboardBody: JSON.stringify({ widgets: [{ type, properties }] }) });
const region = 'us-east-1';
const widget = { region, metrics: [['n', 'm']] };

describe('a template that AWS takes is taken:', () => {
  it.each<[string, Resources]>([
    ['an alarm', alarm({})],
    ['an alarm of a percentile', alarm({ Statistic: undefined, ExtendedStatistic: 'p99.9' })],
    ['an alarm of an expression', metrics(result, query('b'))],
    ['a filter of terms', filter('?ERROR "100% sure" -x')],
    ['a filter of JSON', filter('{ ($.a.b = "x && (y" || $.c[0] != 1.5) && $.d IS NULL && $.e NOT EXISTS }')],
    ['a filter of columns', filter('[ip, user, status=5*, size > 10]')],
    ['a filter of expressions', filter('{ $.a = %^[a-z]{2,3}$% && $.b = %x|y% }')],
    ['an empty filter', filter('')],
    ['a subscription', subscription('https', 'https://example.com/x')],
    ['a group', group([{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '0.0.0.0/0' }])],
    ['a dashboard', one('AWS::CloudWatch::Dashboard', { DashboardBody: '{"widgets":[]}' })],
    ['a text', dashboard('text', { markdown: 'x' })],
    ['metrics', dashboard('metric', widget)],
    ['an alarm among metrics', dashboard('metric', { region, annotations: { alarms: ['arn'] } })],
    ['alarms', dashboard('alarm', { alarms: ['arn'] })],
    ['a query of logs', dashboard('log', { region, query: "SOURCE 'g'" })],
    ['a machine without a log', machine({ LoggingConfiguration: { Level: 'OFF' } })],
  ])('%s', async (_, resources) => {
    await expect(deploy(resources)).resolves.toBeDefined();
  });
});

const REFUSED: readonly [string, Resources, RegExp][] = [
  ['an operator that is none', alarm({ ComparisonOperator: 'MoreThan' }), /ComparisonOperator/],
  ['no period to evaluate', alarm({ EvaluationPeriods: 0 }), /EvaluationPeriods/],
  ['more points than periods', alarm({ DatapointsToAlarm: 2 }), /more than EvaluationPeriods/],
  ['a period of 45 seconds', alarm({ Period: 45 }), /whole minutes/],
  ['periods of two days', alarm({ Period: 1800, EvaluationPeriods: 96 }), /looks back/],
  ['no statistic', alarm({ Statistic: undefined }), /Statistic or an ExtendedStatistic/],
  ['two statistics', alarm({ ExtendedStatistic: 'p9' }), /Statistic or an ExtendedStatistic/],
  ['a statistic that is none', alarm({ Statistic: 'Median' }), /Statistic/],
  [
    'a percentile that is none',
    alarm({ Statistic: undefined, ExtendedStatistic: 'p101' }),
    /is no statistic/,
  ],
  ['no threshold', alarm({ Threshold: undefined }), /Threshold/],
  ['missing data of another kind', alarm({ TreatMissingData: 'bad' }), /TreatMissingData/],
  [
    'six actions',
    alarm({ AlarmActions: Array(6).fill('arn:aws:sns:us-east-1:000000000000:t') }),
    /AlarmActions/,
  ],
  ['no metric', alarm({}, { Threshold: 1 }), /MetricName or Metrics/],
  ['two queries of one Id', metrics(result, query('a')), /one Id/],
  ['two results', metrics(result, query('b', { ReturnData: true })), /ReturnData true/],
  ['no result', metrics(query('a')), /ReturnData true/],
  ['an Id with a capital', metrics(query('A', { ReturnData: true })), /small letter/],
  ['a search', metrics(query('a', { ReturnData: true, Expression: "SEARCH('x', 'Sum')" })), /SEARCH/],
  ['a filter of no expression', filter('%[%'), /%\[%, which is no regular expression/],
  ['a filter with brackets in an expression', filter('%(a|b)%'), /no regular expression/],
  ['a filter with a sign that Logs has not', filter('%something!%'), /no regular expression/],
  [
    'a filter of three expressions',
    filter('{ $.a = %a% && $.b = %b% && $.c = %c% }'),
    /3 regular expressions/,
  ],
  ['a filter with half an expression', filter('%abc'), /between two/],
  ['a filter with half a quote', filter('"abc'), /quote that does not end/],
  ['a filter of JSON that does not end', filter('{ $.a = 1'), /does not end with \}/],
  ['a filter of JSON without a value', filter('{ $.a }'), /no condition/],
  ['a filter of JSON without a selector', filter('{ a = 1 }'), /no condition/],
  ['a filter of JSON with half a bracket', filter('{ ($.a = 1 }'), /bracket without its other/],
  ['a filter of columns that does not end', filter('[a, b'), /does not end with \]/],
  ['a value of a metric that is none', filter('x', { MetricValue: 'one' }), /expected a number/],
  ['a namespace of AWS', filter('x', { MetricNamespace: 'AWS/X' }), /AWS\//],
  [
    'a default beside dimensions',
    filter('x', { DefaultValue: 0, Dimensions: [{ Key: 'a', Value: '$.a' }] }),
    /exclude each other/,
  ],
  ['a protocol that SNS has not', subscription('pigeon', 'x'), /the protocol pigeon/],
  ['an address that is none', subscription('email', 'nobody'), /no endpoint/],
  ['an address of another scheme', subscription('https', 'http://example.com'), /no endpoint/],
  ['a topic with a space', one('AWS::SNS::Topic', { TopicName: 'a b' }), /TopicName/],
  ['a group’s rule to nobody', group([{ IpProtocol: 'tcp' }]), /names one range/],
  ['a group’s rule to half a range', group([{ IpProtocol: 'tcp', CidrIp: '10.0.0/8' }]), /CidrIp/],
  ['a group named sg-', group([], { GroupName: 'sg-1' }), /sg-/],
  ['a text of nothing', dashboard('text', {}), /markdown/],
  ['metrics of no Region', dashboard('metric', { metrics: [['n', 'm']] }), /region/],
  ['a widget of no metrics', dashboard('metric', { region }), /has metrics, or an alarm/],
  ['metrics that are no lists', dashboard('metric', { ...widget, metrics: ['n'] }), /metrics/],
  ['a view that is none', dashboard('metric', { ...widget, view: 'nope' }), /view/],
  ['a period of seven seconds', dashboard('metric', { ...widget, period: 7 }), /period/],
  ['logs without a query', dashboard('log', { region }), /query/],
  ['alarms of none', dashboard('alarm', {}), /alarms/],
  ['a dashboard that is no JSON', one('AWS::CloudWatch::Dashboard', { DashboardBody: '{' }), /DashboardBody/],
  [
    'a log level without a destination',
    machine({ LoggingConfiguration: { Level: 'ALL' } }),
    /needs a log destination/,
  ],
  ['a log level that is none', machine({ LoggingConfiguration: { Level: 'INCLUDE' } }), /Level/],
  [
    'a log destination that is no log group',
    machine({ LoggingConfiguration: { Level: 'ALL', Destinations: [logGroup('arn:aws:s3:::b')] } }),
    /ARN of a log group/,
  ],
  [
    'a key without its type',
    machine({ EncryptionConfiguration: { Type: 'AWS_OWNED_KEY', KmsKeyId: 'k' } }),
    /KmsKeyId/,
  ],
  [
    'a key type without its key',
    machine({ EncryptionConfiguration: { Type: 'CUSTOMER_MANAGED_KMS_KEY' } }),
    /KmsKeyId/,
  ],
  [
    'a trace that is neither on nor off',
    machine({ TracingConfiguration: { Enabled: 'perhaps' } }),
    /TracingConfiguration/,
  ],
];

describe('a template that AWS refuses is refused, and told what is wrong:', () => {
  it.each(REFUSED)('%s', async (_, resources, message) => {
    await expect(deploy(resources)).rejects.toThrow(message);
  });
});
