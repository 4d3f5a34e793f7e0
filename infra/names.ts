// The names of what is in an account and a Region once, as people read them in the AWS console.
export const API_NAME = 'hookline';
export const BUS_NAME = 'hookline';
export const ARCHIVE_NAME = 'hookline';
/** The policies of the machine's functions name its executions, so that CloudFormation cannot make up the name. */
export const MACHINE_NAME = 'hookline';
export const OVERFLOW_PIPE_NAME = 'hookline-overflow';
/** The pull projects are `<prefix>-lambda` and `<prefix>-ec2`. */
export const PULL_PROJECT_PREFIX = 'hookline-pull';
/** The example's pipeline and its one project. */
export const EXAMPLE_NAME = 'hookline-example';
/** CloudWatch's console offers a rule the log groups whose names begin with `/aws/events/` only. */
export const DELIVERY_LOG_NAME = '/aws/events/hookline/deliveries';
/** The rule that takes every delivery. Without the prefix of the rules that start the machine, it is none of them. */
export const DELIVERY_LOG_RULE_NAME = 'log-every-delivery';
