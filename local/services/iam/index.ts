import { createHash } from 'node:crypto';
import type { Cloud, Provisioned, Resource, Service } from '../../core/cloud.ts';

/** Makes roles and their policies; whether a call is allowed is not checked yet (docs/local.md). */
export function iamService(cloud: Cloud): Service {
  return {
    name: 'iam',
    query: true,
    operations: {},
    resources: {
      'AWS::IAM::Role': (resource) => role(cloud, resource),
      'AWS::IAM::Policy': ({ generatedName }) => ({ ref: generatedName }),
      'AWS::IAM::ManagedPolicy': ({ generatedName }) => ({
        ref: `arn:aws:iam::${cloud.account}:policy/${generatedName}`,
      }),
    },
    removals: {
      'AWS::IAM::Role': () => undefined,
      'AWS::IAM::Policy': () => undefined,
      'AWS::IAM::ManagedPolicy': () => undefined,
    },
  };
}

function role(cloud: Cloud, { properties, generatedName }: Resource): Provisioned {
  const name = typeof properties.RoleName === 'string' ? properties.RoleName : generatedName.slice(0, 64);
  const arn = `arn:aws:iam::${cloud.account}:role/${name}`;
  cloud.role(arn);
  const id = createHash('sha256').update(arn).digest('hex').slice(0, 16).toUpperCase();
  return { ref: name, attributes: { Arn: arn, RoleId: `AROA${id}` } };
}
