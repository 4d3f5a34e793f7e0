import * as z from 'zod';
import { AwsError } from '../../core/aws-error.ts';
import type { Tables } from './tables.ts';

// https://docs.aws.amazon.com/codepipeline/latest/userguide/pipelines-tag.html
const TEXT = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
const MOST = 50;

export const tagList = z.array(z.strictObject({ key: z.string(), value: z.string() }));

const arnSchema = z.string().min(1);
export const tagSchema = z.strictObject({ resourceArn: arnSchema, tags: tagList });
export const untagSchema = z.strictObject({ resourceArn: arnSchema, tagKeys: z.array(z.string()) });
export const listTagsSchema = z.strictObject({
  resourceArn: arnSchema,
  maxResults: z.number().int().min(1).max(100).optional(),
});

type Tags = Readonly<Record<string, string>>;

/** @throws InvalidTagsException, TooManyTagsException */
export function checkedTags(tags: z.output<typeof tagList>): Tags {
  for (const { key, value } of tags)
    if (!isTag(key, 128) || key === '' || key.startsWith('aws:') || !isTag(value, 256))
      throw new AwsError(
        'InvalidTagsException',
        `${JSON.stringify(key)}: ${JSON.stringify(value)} is no tag: a key has 1 to 128, a value up to 256 letters, digits, spaces and _ . : / = + - @`,
      );
  if (tags.length > MOST)
    throw new AwsError('TooManyTagsException', `${tags.length} tags are more than ${MOST}`);
  return Object.fromEntries(tags.map(({ key, value }) => [key, value]));
}

const isTag = (text: string, most: number): boolean => text.length <= most && TEXT.test(text);

export function listTags(tables: Tables, { resourceArn }: z.infer<typeof listTagsSchema>): object {
  return { tags: shownTags(tables, taggedName(tables, resourceArn)) };
}

export const shownTags = ({ tags }: Tables, name: string): object[] =>
  Object.entries(tags.get(name) ?? {}).map(([key, value]) => ({ key, value }));

export async function tagPipeline(
  tables: Tables,
  { resourceArn, tags }: z.infer<typeof tagSchema>,
): Promise<object> {
  const name = taggedName(tables, resourceArn);
  const all = { ...tables.tags.get(name), ...checkedTags(tags) };
  checkedTags(Object.entries(all).map(([key, value]) => ({ key, value })));
  await tables.tags.put(name, all);
  return {};
}

export async function untagPipeline(
  tables: Tables,
  { resourceArn, tagKeys }: z.infer<typeof untagSchema>,
): Promise<object> {
  const name = taggedName(tables, resourceArn);
  const kept = Object.entries(tables.tags.get(name) ?? {}).filter(([key]) => !tagKeys.includes(key));
  await tables.tags.put(name, Object.fromEntries(kept));
  return {};
}

/** @throws InvalidArnException, ResourceNotFoundException */
function taggedName(tables: Tables, arn: string): string {
  const [, name] = /^arn:aws:codepipeline:[^:]+:\d{12}:([^:/]+)$/.exec(arn) ?? [];
  if (name === undefined) throw new AwsError('InvalidArnException', `${arn} is not the ARN of a pipeline`);
  if (tables.live.get(name)?.pipeline.arn === arn) return name;
  throw new AwsError('ResourceNotFoundException', `there is no pipeline ${name} in account and region`);
}

/** The tags of a pipeline as the conditions of policies see them. */
export function tagConditions(tables: Tables, name: string): Record<string, string> {
  return conditions('aws:ResourceTag', tables.tags.get(name) ?? {});
}

export const conditions = (key: string, tags: Tags): Record<string, string> =>
  Object.fromEntries(Object.entries(tags).map(([name, value]) => [`${key}/${name}`, value]));
