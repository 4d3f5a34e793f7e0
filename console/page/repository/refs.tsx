import { type CSSProperties, useState } from 'react';
import type { RefPointer, StartedPipeline } from '../../api.ts';
import { Copy } from '../parts/copy.tsx';
import { shortRef, size } from '../parts/format.ts';
import { Icon, refIcon } from '../parts/icon.tsx';
import { Moment } from '../parts/moment.tsx';
import { PipelineResult } from '../parts/outcome.tsx';

const COLUMNS = ['Ref', 'Points to', 'Pipeline', 'Artifact', 'Moved'];

// More of them scroll. A ref that comes later on takes free room or scrolls too, so that nothing below it moves.
const LEAST_IN_SIGHT = 3;
const MOST_IN_SIGHT = 8;

interface Props {
  readonly refs: readonly RefPointer[];
  readonly more: boolean;
}

/** What each ref points to, and what its pipeline has made of it. */
export function Refs({ refs, more }: Props) {
  const [rows] = useState(() => Math.max(LEAST_IN_SIGHT, Math.min(MOST_IN_SIGHT, refs.length)));
  return (
    <section aria-label="Refs">
      <h2>
        Refs <span className="quiet">what each points to</span>
      </h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */}
      <div className="refs" style={{ '--rows': rows } as CSSProperties} tabIndex={0}>
        {refs.length > 0 ? (
          <RefTable refs={refs} />
        ) : (
          <p className="quiet">
            None is published yet: the first push that a rule takes, and that is pulled, makes one.
          </p>
        )}
      </div>
      {more && <p className="hint">There are more: these were moved last of those that were read.</p>}
    </section>
  );
}

function RefTable({ refs }: Pick<Props, 'refs'>) {
  return (
    <table>
      <thead>
        <tr>
          {COLUMNS.map((name) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {refs.map((ref, place) => (
          <RefRow
            // By its place: a ref that was moved changes the rows, and moves none of them.
            key={place}
            pointer={ref}
            twice={refs.filter((each) => each.ref === ref.ref).length > 1}
          />
        ))}
      </tbody>
    </table>
  );
}

/** @param twice whether another set of pull options has a pointer of the ref too */
function RefRow({ pointer, twice }: { readonly pointer: RefPointer; readonly twice: boolean }) {
  const { ref, commit, pipelines, bytes, movedAt, options } = pointer;
  return (
    <tr>
      <th scope="row" className="ref-name" title={ref}>
        <Icon name={refIcon(ref)} />
        <span className="cut">{shortRef(ref)}</span>
        {twice && (
          <span className="tag" title="the hash of the rule's pull options">
            {options}
          </span>
        )}
      </th>
      <td className="ref-commit">
        <code title={commit}>{commit.slice(0, 7) || '–'}</code>
        {commit !== '' && <Copy name={`Copy the commit of ${shortRef(ref)}`} text={commit} small />}
      </td>
      <td className="ref-pipelines">
        {pipelines.length === 0 && <span className="quiet">none was started</span>}
        {pipelines.map((pipeline) => (
          <Pipeline key={pipeline.name} pipeline={pipeline} of={commit} />
        ))}
      </td>
      <td className="ref-size">{size(bytes)}</td>
      <td className="ref-moved">
        <Moment at={movedAt} />
      </td>
    </tr>
  );
}

function Pipeline({ pipeline, of }: { readonly pipeline: StartedPipeline; readonly of: string }) {
  const { name, commit, status } = pipeline;
  return (
    <span className="ref-pipeline">
      <PipelineResult status={status} />
      <span className="cut">{name}</span>
      {commit !== of && (
        <span className="tag" title="The pipeline was not started on what the ref points to">
          at {commit.slice(0, 7)}
        </span>
      )}
    </span>
  );
}
