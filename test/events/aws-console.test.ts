import { expect, it } from 'vitest';
import { executionPage, pipelinePage, regionOf } from '../../events/aws-console.ts';

it.each([
  ['eu-west-1', 'eu-west-1.console.aws.amazon.com'],
  ['cn-north-1', 'cn-north-1.console.amazonaws.cn'],
  ['us-gov-west-1', 'us-gov-west-1.console.amazonaws-us-gov.com'],
])('the console of %s is %s', (region, host) => {
  const page = new URL(pipelinePage(region, 'app-main', 'e-1'));
  expect(page.host).toBe(host);
  expect(page.pathname).toBe('/codesuite/codepipeline/pipelines/app-main/executions/e-1/visualization');
  expect(page.searchParams.get('region')).toBe(region);
  const arn = `arn:aws:states:${region}:000000000000:execution:hookline:1`;
  expect(regionOf(arn)).toBe(region);
  expect(executionPage(arn)).toBe(
    `https://${host}/states/home?region=${region}#/v2/executions/details/${arn}`,
  );
});
