import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import type { Resource } from '@aws-cdk/service-spec-types';

/** AWS's own specification of every resource type of CloudFormation, with properties, types, enums and ARNs. */
export const spec = loadAwsServiceSpecSync();

/** What is known of a resource type, if there is such a type. */
export const resourceSpec = (type: string): Resource | undefined =>
  spec.lookup('resource', 'cloudFormationType', 'equals', type).at(0);
