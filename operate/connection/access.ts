/** How the AWS SDK reaches a deployment: an endpoint for a local runtime, nothing for the caller's own account. */
export interface Access {
  readonly endpoint?: string;
  readonly region?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}
