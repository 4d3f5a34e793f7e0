import { fileURLToPath } from 'node:url';
import { App, CfnOutput, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AwsIntegration, type IntegrationOptions, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb';
import { EventBus, EventField, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Runtime } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import { Bucket } from 'aws-cdk-lib/aws-s3';

// An app that knows nothing of Hookline: an order is posted, priced in the background, and asked for.

const app = new App();
const stack = new Stack(app, 'Orders');

const table = new Table(stack, 'Table', {
  partitionKey: { name: 'id', type: AttributeType.STRING },
  billingMode: BillingMode.PAY_PER_REQUEST,
  removalPolicy: RemovalPolicy.DESTROY,
});
const receipts = new Bucket(stack, 'Receipts', { versioned: true });
const bus = new EventBus(stack, 'Bus');

const price = new NodejsFunction(stack, 'Price', {
  entry: fileURLToPath(new URL('price.ts', import.meta.url)),
  runtime: Runtime.NODEJS_22_X,
  environment: { TABLE: table.tableName, RECEIPTS: receipts.bucketName },
  bundling: { externalModules: [] },
});
table.grantWriteData(price);
receipts.grantPut(price);

new Rule(stack, 'Placed', {
  eventBus: bus,
  eventPattern: { source: ['shop'], detailType: ['order'], detail: { quantity: [{ numeric: ['>', 0] }] } },
  targets: [
    new LambdaFunction(price, {
      event: RuleTargetInput.fromObject({
        order: EventField.fromPath('$.detail.id'),
        quantity: EventField.fromPath('$.detail.quantity'),
        at: EventField.time,
      }),
    }),
  ],
});

const role = new Role(stack, 'ApiRole', { assumedBy: new ServicePrincipal('apigateway.amazonaws.com') });
bus.grantPutEventsTo(role);
table.grantReadData(role);

const JSON_TYPE = 'application/json';
const answer = (statusCode: string, template: string) => ({
  statusCode,
  responseTemplates: { [JSON_TYPE]: template },
});
const integration = (service: string, action: string, options: IntegrationOptions) =>
  new AwsIntegration({ service, action, options: { credentialsRole: role, ...options } });

const place = integration('events', 'PutEvents', {
  requestParameters: {
    'integration.request.header.X-Amz-Target': "'AWSEvents.PutEvents'",
    'integration.request.header.Content-Type': "'application/x-amz-json-1.1'",
  },
  requestTemplates: {
    [JSON_TYPE]: `{"Entries": [{
      "EventBusName": "${bus.eventBusName}", "Source": "shop", "DetailType": "order",
      "Detail": "$util.escapeJavaScript($input.json('$'))"
    }]}`,
  },
  integrationResponses: [answer('202', `{"event": $input.json('$.Entries[0].EventId')}`)],
});
const find = integration('dynamodb', 'GetItem', {
  requestTemplates: {
    [JSON_TYPE]: `{"TableName": "${table.tableName}", "Key": {"id": {"S": "$input.params('id')"}}}`,
  },
  integrationResponses: [
    answer('200', `{"id": $input.json('$.Item.id.S'), "total": $input.json('$.Item.total.N')}`),
  ],
});

const api = new RestApi(stack, 'Api', { cloudWatchRole: false });
const orders = api.root.addResource('orders');
orders.addMethod('POST', place, { methodResponses: [{ statusCode: '202' }] });
orders.addResource('{id}').addMethod('GET', find, { methodResponses: [{ statusCode: '200' }] });

new CfnOutput(stack, 'ApiId', { value: api.restApiId });
new CfnOutput(stack, 'ReceiptBucket', { value: receipts.bucketName });
