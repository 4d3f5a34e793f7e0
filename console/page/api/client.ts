import type { FailureAnswer } from '../../api.ts';
import { read } from './read.ts';
import { token } from './token.ts';

/** A request that the server refused or did not answer. */
export class Failure extends Error {
  override readonly name = 'Failure';

  constructor(
    message: string,
    /** the status of HTTP; 0 when the server could not be reached */
    readonly status: number,
  ) {
    super(message);
  }
}

const API = '/console/api/';

/** The values of a query; an undefined value is left out. */
export type Query = Readonly<Record<string, string | number | undefined>>;

/** The path of a request with its query. */
export function pathOf(path: string, query: Query = {}): string {
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)]],
  );
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given)}`;
}

/** @throws Failure */
export function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  return ask<T>(path, signal ? { signal } : {});
}

/** An answer, and the tag by which the server knows it. */
export interface Tagged<T> {
  readonly value: T;
  readonly tag: string;
}

/** The answer, unless it is the one of a tag. @param tag of the last answer, `''` for none @throws Failure */
export async function getUnlessSame<T>(
  path: string,
  tag: string,
  signal: AbortSignal,
): Promise<Tagged<T> | undefined> {
  const response = await send(path, { signal, ...(tag ? { headers: { 'if-none-match': tag } } : {}) });
  if (response.status === NOT_MODIFIED) return undefined;
  return { value: read<T>(await response.text()), tag: response.headers.get('etag') ?? '' };
}

const NOT_MODIFIED = 304;

/** @throws Failure */
export function post<T>(path: string, body: unknown = {}, signal?: AbortSignal): Promise<T> {
  return ask<T>(path, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
    ...(signal ? { signal } : {}),
  });
}

async function ask<T>(path: string, init: RequestInit): Promise<T> {
  return read<T>(await (await send(path, init)).text());
}

/** Sends a request and gives the answer, its body unread. @throws Failure */
export async function send(path: string, init: RequestInit): Promise<Response> {
  const headers = { ...init.headers, authorization: `Bearer ${token()}` };
  const response = await fetch(API + path, { ...init, headers }).catch((error: unknown) => {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new Failure('hookline does not answer: is it still running?', 0);
  });
  if (response.ok || response.status === NOT_MODIFIED) return response;
  const answer: Partial<FailureAnswer> = await response.json().catch(() => ({}));
  throw new Failure(answer.message ?? `the console's server answered ${response.status}`, response.status);
}
