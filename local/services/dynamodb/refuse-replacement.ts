import { unsupported } from '../../core/aws-error.ts';
import type { Index, Table } from './table.ts';

/** The keys as one line to compare and to show: `id (S), at (N)`. */
const keysOf = ({ AttributeDefinitions }: Table, schema: Table['KeySchema']): string =>
  schema
    .map(({ AttributeName }) => {
      const type = AttributeDefinitions.find((known) => known.AttributeName === AttributeName)?.AttributeType;
      return `${AttributeName} (${type})`;
    })
    .join(', ');

/** Refuses what AWS would replace the table or an index for, as items would be lost. */
export function refuseReplacement(before: Table, wanted: Table): void {
  const [has, asks] = [keysOf(before, before.KeySchema), keysOf(wanted, wanted.KeySchema)];
  if (has !== asks)
    throw unsupported(
      `another key for the table ${wanted.TableName}: it has ${has} and items by it, the template says ${asks}; give the table another name`,
    );
  const locals = (table: Table) => JSON.stringify((table.LocalSecondaryIndexes ?? []).map(shape(table)));
  if (locals(before) !== locals(wanted))
    throw unsupported(
      `other local indexes for the table ${wanted.TableName}, made with ${locals(before)}; give the table another name`,
    );
  const indexes = new Map((before.GlobalSecondaryIndexes ?? []).map((index) => [index.IndexName, index]));
  for (const index of wanted.GlobalSecondaryIndexes ?? []) {
    const old = indexes.get(index.IndexName);
    const [was, is] = [old && shape(before)(old), shape(wanted)(index)];
    if (was !== undefined && was !== is)
      throw unsupported(
        `another key or projection for the index ${index.IndexName} of ${wanted.TableName}, made as ${was}; give the index another name`,
      );
  }
}

const shape =
  (table: Table) =>
  ({ IndexName, KeySchema, Projection }: Index): string =>
    [
      IndexName,
      keysOf(table, KeySchema),
      Projection.ProjectionType,
      ...(Projection.NonKeyAttributes ?? []),
    ].join(' ');
