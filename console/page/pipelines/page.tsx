import { useEffect } from 'react';
import type { PipelinesAnswer } from '../../api.ts';
import { useLive } from '../api/use-live.ts';
import { Link } from '../parts/link.tsx';
import { Empty, Loading, Problem } from '../parts/placeholders.tsx';
import { PipelineTable } from './table.tsx';
import '../styles/pipelines.css';

// Each pipeline is two calls of CodePipeline.
const POLL_MS = 10_000;

/** The pipelines that branches and pull requests have of their own. */
export default function PipelinesPage() {
  useEffect(() => {
    document.title = 'Pipelines · Hookline';
  }, []);
  const { value, failure, refresh } = useLive<PipelinesAnswer>('pipelines', POLL_MS);
  return (
    <article className="page own-pipelines">
      <h1>Pipelines</h1>
      <p className="hint" role="status">
        {value && failure && `Not up to date: ${failure.message}`}
      </p>
      {value ? (
        <Content answer={value} />
      ) : failure ? (
        <Problem failure={failure} retry={refresh} />
      ) : (
        <Loading what="Loading pipelines" />
      )}
    </article>
  );
}

function Content({ answer: { pipelines, templates } }: { readonly answer: PipelinesAnswer }) {
  if (templates.length === 0 && pipelines.length === 0)
    return (
      <Empty title="No rule makes a pipeline for each branch or pull request">
        <p>
          A rule does that copies a pipeline which you have: the first push of a branch makes the copy, and
          the branch's end takes it down.
        </p>
        <pre>
          <code>{'pipeline: { template: acme-app, each: branch }'}</code>
        </pre>
        <p>
          <Link to="/rules?view=new">Write a rule</Link>, and add that line to its file.
        </p>
      </Empty>
    );
  return (
    <>
      <ul className="template-uses">
        {templates.map(({ template, rule, pipelines: count, limit }) => (
          <li key={`${template} ${rule}`}>
            <code>{template}</code> has {count} of the {limit} pipelines that the rule {rule} allows.
          </li>
        ))}
      </ul>
      <PipelineTable pipelines={pipelines} />
    </>
  );
}
