import * as z from 'zod';

/** A value of JSON, as states take and give it. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

export type JsonObject = { [key: string]: Json };

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** @throws SyntaxError */
export function parseJson(text: string): Json {
  return JSON.parse(text);
}

// z.json() and z.record() copy, and lose a member named __proto__.

/** What is JSON already, as it stands. */
export const jsonSchema = z.custom<Json>((value) => value !== undefined, 'a value of JSON is missing');

export const objectSchema = z.custom<JsonObject>(isObject, 'must be an object');
