/**
 * Lambda's own errors, and those of a function that was cut off. AWS's pages and machines in use spell the service with
 * and without `AWS`.
 */
export const lambdaErrors = [
  'Lambda.ClientExecutionTimeoutException',
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.LambdaException',
  'Lambda.SdkClientException',
  'Lambda.TooManyRequestsException',
  // a function in a network, which is made ready again when it has not run for weeks
  'Lambda.ResourceNotReadyException',
  'Lambda.ResourceConflictException',
  'Lambda.ENINotReadyException',
  'Lambda.ENILimitReachedException',
  'Lambda.SubnetIPAddressLimitReachedException',
  'Lambda.EC2ThrottledException',
  'Lambda.EC2UnexpectedException',
  // it ran out of time or memory, or its process ended: which of the names shows depends on how
  'Lambda.Unknown',
  'Sandbox.Timedout',
  'Runtime.ExitError',
  'States.Timeout',
] as const;

/** CodeBuild's own errors that may pass: its limit of builds, and calls that were throttled or failed. */
export const codeBuildErrors = [
  'CodeBuild.AccountLimitExceededException',
  'CodeBuild.AWSCodeBuildException',
  'CodeBuild.CodeBuildException',
  'CodeBuild.ThrottlingException',
  'CodeBuild.SdkClientException',
] as const;

/**
 * The errors of AWS's SDK, after its own few tries, after which a call may succeed: it was throttled, failed on the
 * service's side, or could not be made at the moment. The names are those of DynamoDB, S3, SSM, Secrets Manager, KMS,
 * Step Functions, CodePipeline, CloudWatch Logs, EventBridge and Lambda.
 */
export const sdkErrors = [
  'ThrottlingException',
  'Throttling',
  'ThrottledException',
  'TooManyRequestsException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'LimitExceededException',
  'SlowDown',
  'InternalServerError',
  'InternalServerException',
  'InternalServiceError',
  'InternalServiceException',
  'InternalException',
  'InternalFailure',
  'InternalError',
  'ServiceUnavailable',
  'ServiceUnavailableException',
  'TimeoutError',
  'RequestTimeout',
  'RequestTimeoutException',
  'ConditionalRequestConflict',
  'OperationAborted',
  'ConflictException',
  'ConcurrentModificationException',
  'ConcurrentPipelineExecutionsLimitExceededException',
  'ServiceException',
  // a function in a network that has not run for weeks
  'ResourceNotReadyException',
  'ResourceConflictException',
  'ENINotReadyException',
  'ENILimitReachedException',
  'SubnetIPAddressLimitReachedException',
  'EC2ThrottledException',
  'EC2UnexpectedException',
  // Powertools' own name around an error of DynamoDB
  'IdempotencyPersistenceLayerError',
] as const;
