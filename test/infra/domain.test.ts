import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSettings } from '../../infra/settings.ts';
import { type Synthesized, synthesized } from '../support/infra/synthesized.ts';

const domain = {
  name: 'hooks.example.com',
  certificate: 'arn:aws:acm:us-east-1:123456789012:certificate/01234567-89ab-cdef-0123-456789abcdef',
};

let made: Synthesized;
beforeAll(async () => {
  made = await synthesized({ domain, doorKey: 'k'.repeat(20) });
});
afterAll(() => rm(dirname(made.assembly), { recursive: true, force: true }));

describe('a domain of the door', () => {
  it('stands at the root of the stage, over TLS 1.2 at least', () => {
    const [[name, { Properties }] = ['', { Properties: {} }]] = made.of('AWS::ApiGateway::DomainName');
    expect(Properties).toMatchObject({
      DomainName: domain.name,
      RegionalCertificateArn: domain.certificate,
      EndpointConfiguration: { Types: ['REGIONAL'] },
      SecurityPolicy: 'TLS_1_2',
    });
    const [[stage] = ['']] = made.of('AWS::ApiGateway::Stage');
    const mappings = made.of('AWS::ApiGateway::BasePathMapping').map(([, mapping]) => mapping.Properties);
    expect(mappings).toMatchObject([{ DomainName: { Ref: name }, Stage: { Ref: stage } }]);
    expect(mappings[0]).not.toHaveProperty('BasePath');
  });

  it('is in the outputs: the address, and the host to which its record leads', () => {
    const { DomainUrl, DomainTarget } = made.Outputs;
    expect(DomainUrl?.Value).toBe(`https://hooks.example.com/webhooks/${'k'.repeat(20)}/github`);
    expect(DomainTarget?.Value).toMatchObject({ 'Fn::GetAtt': [expect.anything(), 'RegionalDomainName'] });
  });

  it.each([
    [{ domain: { ...domain, name: 'Hooks' } }, 'hookline.domain.name is "Hooks": expected a domain'],
    [{ domain: { ...domain, certificate: 'c' } }, 'hookline.domain.certificate is "c": expected the ARN'],
    [
      { domain: { ...domain, zone: 'z' } },
      'hookline.domain has no setting zone (allowed: name, certificate)',
    ],
    [{ domain, privateDoor: { vpcEndpointIds: ['vpce-1'] } }, 'a private door has no domain of its own here'],
  ])('is refused where it is none: %j', (settings, message) => {
    expect(() => readSettings(settings)).toThrow(message);
  });
});
