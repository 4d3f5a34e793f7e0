import type { PipelinesAnswer } from '../../api.ts';
import { addressOfFilter } from '../deliveries/filter.ts';
import { pipelineWord, shortRef } from '../parts/format.ts';
import { Link } from '../parts/link.tsx';
import { PipelineResult } from '../parts/outcome.tsx';
import { clockTime } from '../parts/use-clock.ts';

type Pipeline = PipelinesAnswer['pipelines'][number];

const HEADS = ['Pipeline', 'Repository', 'Branch or request', 'Last result', 'Last run', 'Goes'];

export function PipelineTable({ pipelines }: Pick<PipelinesAnswer, 'pipelines'>) {
  return (
    <table>
      <thead>
        <tr>
          {HEADS.map((head) => (
            <th key={head} scope="col">
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {pipelines.map((pipeline) => (
          <Row key={pipeline.name} pipeline={pipeline} />
        ))}
        {pipelines.length === 0 && (
          <tr>
            <td colSpan={HEADS.length}>No branch and no pull request has a pipeline now.</td>
          </tr>
        )}
      </tbody>
    </table>
  );
}

function Row({ pipeline }: { readonly pipeline: Pipeline }) {
  const { name, repository, ref, pullRequest, status, lastRunAt } = pipeline;
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>{repository}</td>
      <td>
        <Link to={addressOfFilter({ repository, ref, all: 'true' })} title="Its deliveries">
          {pullRequest !== undefined && `#${pullRequest} `}
          {shortRef(ref)}
        </Link>
      </td>
      <td>
        <PipelineResult status={status} /> {status === '' ? '–' : pipelineWord(status)}
      </td>
      <td>{lastRunAt ? clockTime(lastRunAt) : '–'}</td>
      <td>{whenItGoes(pipeline)}</td>
    </tr>
  );
}

function whenItGoes({ rule, template, idleDays, goesAt }: Pipeline): string {
  if (template === undefined) return `never: the rule ${rule} makes no such pipelines any more; delete it`;
  if (goesAt) return `${clockTime(goesAt)}, after ${idleDays} days without a run`;
  return idleDays === 'never' ? 'with its branch or request' : 'not while it runs';
}
