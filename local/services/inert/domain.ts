import * as z from 'zod';
import { inert, tagList } from '../../core/forms.ts';

const certificate = z.string().regex(/^arn:[\w-]+:(?:acm|iam):/, 'is no ARN of a certificate');

/** AWS::ApiGateway::DomainName. https://docs.aws.amazon.com/apigateway/latest/api/API_CreateDomainName.html */
export const domainSchema = z
  .strictObject({
    DomainName: z
      .string()
      .regex(/^(?:\*\.)?(?:[a-z0-9-]{1,63}\.)+[a-z0-9-]{2,63}$/, 'is no name of a domain in small letters')
      .meta({ withoutEffect: true }),
    CertificateArn: inert(certificate),
    RegionalCertificateArn: inert(certificate),
    EndpointConfiguration: inert(
      z.strictObject({
        Types: z
          .array(z.enum(['EDGE', 'REGIONAL']))
          .length(1)
          .optional(),
        IpAddressType: z.enum(['dualstack', 'ipv4']).optional(),
      }),
    ),
    SecurityPolicy: inert(
      z.string().regex(/^(?:TLS_1_[02]|SecurityPolicy_\w+)$/, 'is no policy such as TLS_1_2'),
    ),
    Tags: inert(tagList),
  })
  .refine(
    ({ EndpointConfiguration, CertificateArn, RegionalCertificateArn }) =>
      EndpointConfiguration?.Types?.[0] === 'REGIONAL'
        ? RegionalCertificateArn !== undefined && CertificateArn === undefined
        : CertificateArn !== undefined && RegionalCertificateArn === undefined,
    'a domain of the type REGIONAL has a RegionalCertificateArn, one of the type EDGE a CertificateArn',
  );

/** AWS::ApiGateway::BasePathMapping */
export const mappingSchema = z.strictObject({
  DomainName: z.string().min(1).meta({ withoutEffect: true }),
  BasePath: inert(z.string().regex(/^[\w.$+!*'(),/-]*$/)),
  RestApiId: inert(z.string().min(1)),
  Stage: inert(z.string().min(1)),
});
