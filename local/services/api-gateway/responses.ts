/** The answer to one request. */
export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** The answers that API Gateway gives by itself: their status, and the group whose setting they fall back to. */
export const GATEWAY_RESPONSES = {
  BAD_REQUEST_BODY: { status: 400, message: 'Invalid request body' },
  BAD_REQUEST_PARAMETERS: { status: 400, message: '' },
  MISSING_AUTHENTICATION_TOKEN: { status: 403, message: 'Missing Authentication Token' },
  REQUEST_TOO_LARGE: { status: 413, message: 'Request Too Long' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, message: 'Unsupported Media Type' },
  THROTTLED: { status: 429, message: 'Too Many Requests' },
  API_CONFIGURATION_ERROR: { status: 500, message: 'Internal server error' },
  INTEGRATION_FAILURE: { status: 504, message: 'Internal server error' },
} as const;

export type ResponseType = keyof typeof GATEWAY_RESPONSES;

/** A request that ends in one of API Gateway's own answers. */
export class GatewayError extends Error {
  override readonly name = 'GatewayError';
  constructor(
    readonly type: ResponseType,
    message: string = GATEWAY_RESPONSES[type].message,
    /** `$context.error.validationErrorString` */
    readonly validation = '',
  ) {
    super(message);
  }
}

export interface GatewayResponse {
  readonly status?: number | undefined;
  readonly template?: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
}

/** The body of one of API Gateway's own answers: variables are put in, as this is no template of VTL. */
export function gatewayBody(template: string, error: GatewayError, context: Record<string, unknown>): string {
  const own: Record<string, unknown> = {
    message: error.message,
    messageString: JSON.stringify(error.message),
    responseType: error.type,
    validationErrorString: error.validation,
  };
  return template.replace(/\$context\.([\w.]+\w)/g, (_, path: string) => {
    const [first, ...rest] = path.split('.');
    return String(first === 'error' ? (own[rest.join('.')] ?? '') : (at(context, path) ?? ''));
  });
}

/** A member by its dotted path. */
export function at(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (inner, name) =>
        typeof inner === 'object' && inner !== null && Object.hasOwn(inner, name)
          ? Reflect.get(inner, name)
          : undefined,
      value,
    );
}
