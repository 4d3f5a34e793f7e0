import type { FastifyInstance } from 'fastify';
import * as z from 'zod';

// A pasted payload may be as large as the largest webhook of a git host.
const BODY_LIMIT = 25 * 1024 * 1024;

/** Reads JSON bodies inside of the console, whatever other bodies the server around it reads. */
export function readJson(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'string', bodyLimit: BODY_LIMIT },
    app.getDefaultJsonParser('error', 'error'),
  );
}

/** What AWS says of a request whose caller named the wrong thing. */
const CALLERS_MISTAKES: Readonly<Record<string, number>> = {
  ResourceNotFoundException: 404,
  ExecutionDoesNotExist: 404,
  ExecutionNotRedrivable: 409,
  IllegalStatusException: 409,
  InvalidArn: 400,
  ValidationException: 400,
};

/** Answers an error as `{ message }`: with 4xx for a mistake of the caller, with 502 for an error of AWS. */
export function answerErrors(app: FastifyInstance): void {
  app.setErrorHandler((error, _request, reply) =>
    reply.code(statusOf(error)).send({ message: messageOf(error) }),
  );
  app.setNotFoundHandler((request, reply) =>
    reply.code(404).send({ message: `the console has nothing at ${request.method} ${request.url}` }),
  );
}

function statusOf(error: unknown): number {
  if (!(error instanceof Error)) return 500;
  if ('$metadata' in error) return CALLERS_MISTAKES[error.name] ?? 502;
  if ('statusCode' in error && typeof error.statusCode === 'number') return error.statusCode;
  return 400;
}

/** An error's message for the reader of the page. */
export function messageOf(error: unknown): string {
  if (error instanceof z.ZodError)
    return error.issues
      .map(({ path, message }) => `${path.join('.') || 'the request'}: ${message}`)
      .join('; ');
  if (!(error instanceof Error)) return String(error);
  return '$metadata' in error ? `${error.name}: ${error.message}` : error.message;
}
