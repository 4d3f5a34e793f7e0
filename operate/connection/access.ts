/** How the AWS SDK gets there: nothing for the caller's own environment, an endpoint for a local runtime. */
export interface Access {
  readonly endpoint?: string;
  readonly region?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}
