/** A state machine execution's page in the AWS console: its picture. */
export function executionPage(executionArn: string): string {
  const region = regionOf(executionArn);
  return `https://${consoleOf(region)}/states/home?region=${region}#/v2/executions/details/${executionArn}`;
}

/** A pipeline execution's page in the AWS console. */
export function pipelinePage(region: string, name: string, executionId: string): string {
  return `https://${consoleOf(region)}/codesuite/codepipeline/pipelines/${encodeURIComponent(name)}/executions/${executionId}/visualization?region=${region}`;
}

/** The Region of an ARN. */
export const regionOf = (arn: string): string => arn.split(':')[3] ?? '';

/** The console's host in a Region: China and GovCloud have domains of their own. */
function consoleOf(region: string): string {
  if (region.startsWith('cn-')) return `${region}.console.amazonaws.cn`;
  if (region.startsWith('us-gov-')) return `${region}.console.amazonaws-us-gov.com`;
  return `${region}.console.aws.amazon.com`;
}
