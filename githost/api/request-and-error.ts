import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import * as z from 'zod';

/** An error that is answered in GitHub's shape. */
export class ApiError extends Error {
  readonly status: number;
  readonly details: readonly object[] | undefined;

  constructor(status: number, message: string, details?: readonly object[]) {
    super(message);
    this.status = status;
    this.details = details;
  }
}

export const notFound = (): ApiError => new ApiError(404, 'Not Found');

/** @param resource what was not valid, `Hook` or `Status` */
export const validationError = (resource: string, message: string, field?: string): ApiError =>
  new ApiError(422, 'Validation Failed', [{ resource, code: 'custom', ...(field && { field }), message }]);

const paramsSchema = z.record(z.string(), z.string());

/** The named parts of a request's path. */
export const paramsOf = (request: FastifyRequest): Record<string, string> =>
  paramsSchema.parse(request.params);

// The largest valid body is far smaller.
const MAX_BODY = 1024 * 1024;

/**
 * The JSON body of a request, as the schema wants it.
 * @throws ApiError 400 when the body is not JSON, 422 when it does not fit the schema
 */
export async function bodyOf<T>(request: FastifyRequest, schema: z.ZodType<T>, resource: string): Promise<T> {
  const chunks: Buffer[] = [];
  let length = 0;
  if (request.body instanceof Readable) {
    for await (const chunk of request.body) {
      const bytes = Buffer.from(chunk);
      length += bytes.length;
      if (length > MAX_BODY) throw new ApiError(413, `the body is over ${MAX_BODY} bytes: send less`);
      chunks.push(bytes);
    }
  }
  const result = schema.safeParse(parsed(Buffer.concat(chunks).toString()));
  if (result.success) return result.data;
  throw invalid(resource, result.error);
}

function invalid(resource: string, { issues }: z.ZodError): ApiError {
  const details = issues.map(({ path, message }) => ({
    resource,
    code: 'invalid',
    field: path.join('.'),
    message,
  }));
  return new ApiError(422, 'Validation Failed', details);
}

function parsed(text: string): unknown {
  try {
    return text === '' ? {} : JSON.parse(text);
  } catch {
    throw new ApiError(400, 'Problems parsing JSON');
  }
}

/** Answers an error as GitHub does. */
export function answerError(thrown: unknown, reply: FastifyReply): FastifyReply {
  const error = thrown instanceof z.ZodError ? invalid('Query', thrown) : thrown;
  const details = error instanceof ApiError ? error.details : undefined;
  return reply.code(statusOf(error)).send({
    message: error instanceof Error ? error.message : String(error),
    ...(details && { errors: details }),
    documentation_url: 'https://docs.github.com/rest',
  });
}

function statusOf(error: unknown): number {
  if (error instanceof ApiError) return error.status;
  // Fastify's own, such as that of a media type that is none.
  return error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500;
}
