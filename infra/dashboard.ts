import { Duration } from 'aws-cdk-lib';
import {
  type Alarm,
  AlarmStatusWidget,
  Dashboard as CloudWatchDashboard,
  GraphWidget,
  type IMetric,
  type IWidget,
  LogQueryVisualizationType,
  LogQueryWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { outcomes } from '../statemachine/outcomes.ts';
import type { DeliveryMachine } from './delivery-machine.ts';
import type { Functions } from './functions.ts';
import type { Ingress } from './ingress.ts';
import { namesOf } from './names.ts';
import type { Overflow } from './overflow.ts';
import type { Pull } from './pull.ts';
import type { Settings } from './settings.ts';
import type { Unrecorded } from './unrecorded.ts';

export interface DashboardProps {
  readonly ingress: Ingress;
  readonly machine: DeliveryMachine;
  readonly functions: Functions;
  readonly pull: Pull;
  readonly overflow: Overflow;
  readonly unrecorded: Unrecorded;
  readonly alarms: readonly Alarm[];
  readonly settings: Settings;
}

const period = Duration.minutes(5);
// CloudWatch's grid has 24 columns. Three rows of this height are a screen, below the line of alarms.
const COLUMNS = 24;
const HEIGHT = 6;

/**
 * How deliveries fare, on one screen. Outcomes and times come from log lines that are written anyway: a metric for each
 * would cost by the month.
 */
export class Dashboard extends Construct {
  constructor(scope: Construct, id: string, props: DashboardProps) {
    super(scope, id);
    new CloudWatchDashboard(this, 'Dashboard', {
      dashboardName: namesOf(props.settings).dashboard,
      defaultInterval: Duration.days(1),
      widgets: [
        [alarmStates(props)],
        [outcomesOverTime(props), timeToPipeline(props)],
        [builds(props), throttles(props)],
        [queueDepth(props), queueAge(props)],
      ],
    });
  }
}

const HALF = { width: COLUMNS / 2, height: HEIGHT };

const alarmStates = ({ alarms }: DashboardProps): IWidget =>
  new AlarmStatusWidget({ title: 'Alarms', alarms: [...alarms], width: COLUMNS, height: 3 });

/** The last state of an execution is its outcome. Of one that failed outside of these, timed out or was stopped, RecordEnd logs it. */
function outcomesOverTime({ machine, functions }: DashboardProps): IWidget {
  const names = Object.values(outcomes).map((name) => JSON.stringify(name));
  return new LogQueryWidget({
    ...HALF,
    title: 'Deliveries by outcome',
    view: LogQueryVisualizationType.STACKEDAREA,
    logGroupNames: [machine.logGroup.logGroupName, functions.recordEnd.logGroup.logGroupName],
    queryLines: [
      'fields coalesce(details.name, outcome) as ended',
      'filter type in ["SucceedStateEntered", "FailStateEntered"] or ispresent(outcome)',
      `filter ended in [${names.join(', ')}]`,
      'stats count(*) as deliveries by bin(1h), ended',
    ],
  });
}

function timeToPipeline({ functions }: DashboardProps): IWidget {
  return new LogQueryWidget({
    ...HALF,
    title: 'Webhook to pipeline, in ms',
    view: LogQueryVisualizationType.LINE,
    logGroupNames: [functions.startPipeline.logGroup.logGroupName],
    queryLines: [
      'filter ispresent(sinceWebhookMs)',
      'stats pct(sinceWebhookMs, 50) as p50, pct(sinceWebhookMs, 90) as p90, max(sinceWebhookMs) as longest by bin(1h)',
    ],
  });
}

function builds({ pull }: DashboardProps): IWidget {
  const of = (metricName: string, label: string, statistic: string): IMetric[] =>
    pull.projects.map((project) =>
      project.metric(metricName, { period, statistic, label: `${label} (${pull.computeOf(project)})` }),
    );
  return new GraphWidget({
    ...HALF,
    title: 'Builds',
    left: [...of('Builds', 'builds', 'Sum'), ...of('FailedBuilds', 'failed', 'Sum')],
    right: of('Duration', 'seconds at most', 'Maximum'),
    leftYAxis: { min: 0, label: 'builds', showUnits: false },
    rightYAxis: { min: 0, label: 'seconds', showUnits: false },
  });
}

function throttles({ ingress, machine, functions }: DashboardProps): IWidget {
  return new GraphWidget({
    ...HALF,
    title: 'Throttles',
    left: [
      ingress.throttled.with({ period, label: 'door (429)' }),
      machine.machine.metricThrottled({ period, statistic: 'Sum', label: 'state machine' }),
      ...functions.all.map(({ name, function: made }) =>
        made.metricThrottles({ period, statistic: 'Sum', label: name }),
      ),
    ],
    leftYAxis: { min: 0, label: 'calls', showUnits: false },
  });
}

function queueDepth({ overflow: { queue, dead }, unrecorded }: DashboardProps): IWidget {
  return new GraphWidget({
    ...HALF,
    title: 'Queues: messages',
    left: [
      queue.metricApproximateNumberOfMessagesVisible({ period, statistic: 'Maximum', label: 'overflow' }),
      dead.metricApproximateNumberOfMessagesVisible({ period, statistic: 'Maximum', label: 'dead' }),
      unrecorded.queue.metricApproximateNumberOfMessagesVisible({
        period,
        statistic: 'Maximum',
        label: 'unrecorded',
      }),
    ],
    leftYAxis: { min: 0, label: 'messages', showUnits: false },
  });
}

function queueAge({ overflow: { queue, dead } }: DashboardProps): IWidget {
  return new GraphWidget({
    ...HALF,
    title: 'Queues: age of the oldest message',
    left: [
      queue.metricApproximateAgeOfOldestMessage({ period, statistic: 'Maximum', label: 'overflow' }),
      dead.metricApproximateAgeOfOldestMessage({ period, statistic: 'Maximum', label: 'dead' }),
    ],
    leftYAxis: { min: 0, label: 'seconds', showUnits: false },
  });
}
