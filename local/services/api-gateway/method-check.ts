import { AwsError } from '../../core/aws-error.ts';
import { isPattern } from '../../core/pattern.ts';
import { type Api, literal, type Method } from './api.ts';

const HTTP_METHODS = ['ANY', 'DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'];
const INTEGRATION_URI = /^arn:[\w-]+:apigateway:[\w-]+:[\w.-]+:(action|path)\/.+/;
const STATUS_CODE = /^[1-5]\d\d$/;

/** @throws BadRequestException for a method that API Gateway refuses */
export function checkMethod(api: Api, method: Method, logicalId: string): void {
  const { HttpMethod, Integration, MethodResponses, RequestModels, RequestValidatorId } = method;
  const refuse = (what: string): never => {
    throw new AwsError('BadRequestException', `the method ${logicalId} ${what}`);
  };
  if (!HTTP_METHODS.includes(HttpMethod))
    refuse(`has the HttpMethod ${HttpMethod}: take one of ${HTTP_METHODS.join(', ')}`);
  if (!INTEGRATION_URI.test(Integration.Uri))
    refuse(`has the Uri ${Integration.Uri}: expected arn:aws:apigateway:REGION:SERVICE:action/NAME`);
  if (Integration.IntegrationHttpMethod === undefined) refuse('has no IntegrationHttpMethod: write POST');
  if (RequestValidatorId !== undefined && !api.validators.has(RequestValidatorId))
    refuse(`has the validator ${RequestValidatorId}, which the API has not`);
  const models = [
    ...Object.values(RequestModels),
    ...MethodResponses.flatMap(({ ResponseModels = {} }) => Object.values(ResponseModels)),
  ];
  const model = models.find((name) => !api.models.has(name) && !OWN_MODELS.includes(name));
  if (model !== undefined) refuse(`has the model ${model}, which the API has not`);
  checkResponses({ Integration, MethodResponses }, refuse);
}

// Each API begins with these.
const OWN_MODELS = ['Empty', 'Error'];

function checkResponses(
  { Integration, MethodResponses }: Pick<Method, 'Integration' | 'MethodResponses'>,
  refuse: (what: string) => never,
): void {
  const declared = new Set(MethodResponses.map(({ StatusCode }) => StatusCode));
  for (const code of declared) if (!STATUS_CODE.test(code)) refuse(`has a response of the status ${code}`);
  if (declared.size < MethodResponses.length) refuse('has two responses of one StatusCode: leave one out');
  const patterns = Integration.IntegrationResponses.map(({ SelectionPattern = '' }) => SelectionPattern);
  if (new Set(patterns).size < patterns.length)
    refuse('has two integration responses of one SelectionPattern: give each its own');
  const broken = patterns.find((pattern) => !isPattern(pattern));
  if (broken !== undefined) refuse(`has the SelectionPattern ${broken}, which is no regular expression`);
  const lost = Integration.IntegrationResponses.find(({ StatusCode }) => !declared.has(StatusCode));
  for (const { StatusCode, ResponseParameters } of Integration.IntegrationResponses) {
    const its = MethodResponses.find((each) => each.StatusCode === StatusCode)?.ResponseParameters;
    const unknown = Object.keys(ResponseParameters).find((name) => !Object.hasOwn(Object(its), name));
    Object.values(ResponseParameters).forEach(literal);
    if (unknown !== undefined)
      refuse(`maps to ${unknown}, which its MethodResponses do not have for the status ${StatusCode}`);
  }
  if (lost) refuse(`maps to the status ${lost.StatusCode}, which is none of its MethodResponses`);
}
