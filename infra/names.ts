/** The setting `name` where nobody sets it. */
export const DEFAULT_NAME = 'hookline';

/** The names of what is in an account and a Region once, as people read them in the AWS console. */
export interface Names {
  readonly stack: string;
  readonly api: string;
  /** the names of the rules on the bus begin with it: `busRuleName` */
  readonly bus: string;
  readonly archive: string;
  /** The policies of the machine's functions name its executions, so that CloudFormation cannot make up the name. */
  readonly machine: string;
  readonly overflowPipe: string;
  /** The pull projects are `<prefix>-lambda` and `<prefix>-ec2`. */
  readonly pullProjectPrefix: string;
  /** the example's pipeline and its one project */
  readonly example: string;
  /** CloudWatch's console offers a rule the log groups whose names begin with `/aws/events/` only. */
  readonly deliveryLog: string;
  readonly deliveryLogPolicy: string;
  readonly metricNamespace: string;
  readonly dashboard: string;
  /** in front of the names of the alarms */
  readonly alarmPrefix: string;
}

/** Every fixed name is made of the one that is set, so that several Hooklines live in one account and Region. */
export function namesOf({ name }: { readonly name: string }): Names {
  const isDefault = name === DEFAULT_NAME;
  return {
    stack: isDefault ? 'Hookline' : `Hookline-${name}`,
    api: name,
    bus: name,
    archive: name,
    machine: name,
    overflowPipe: `${name}-overflow`,
    pullProjectPrefix: `${name}-pull`,
    example: `${name}-example`,
    deliveryLog: `/aws/events/${name}/deliveries`,
    deliveryLogPolicy: `${name}-deliveries`,
    metricNamespace: isDefault ? 'Hookline' : `Hookline/${name}`,
    dashboard: name,
    alarmPrefix: isDefault ? 'Hookline ' : `Hookline ${name} `,
  };
}

/** The rule that takes every delivery. Without the prefix of the rules that start the machine, it is none of them. */
export const DELIVERY_LOG_RULE_NAME = 'log-every-delivery';
