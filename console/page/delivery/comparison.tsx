import { type FormEvent, useState } from 'react';

import type { RequestAnswer } from '../../api.ts';
import { get } from '../api/client.ts';
import { visible } from '../parts/format.ts';
import { type Difference, differences } from './differences.ts';

/** What another delivery's payload has otherwise. */
export function Comparison({ payload }: { readonly payload: unknown }) {
  const [other, setOther] = useState('');
  const [found, setFound] = useState<readonly Difference[]>();
  const [problem, setProblem] = useState('');
  const compare = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setProblem('');
    try {
      const { body } = await get<RequestAnswer>(`deliveries/${encodeURIComponent(other.trim())}/request`);
      setFound(differences(payload, JSON.parse(body)));
    } catch (error) {
      setFound(undefined);
      setProblem(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <>
      <form className="actions" onSubmit={compare}>
        <label>
          Another delivery{' '}
          <input value={other} placeholder="its id" onChange={({ target }) => setOther(target.value)} />
        </label>
        <button type="submit" disabled={other.trim() === ''}>
          Compare
        </button>
        <span role="status">{problem}</span>
      </form>
      {found && <DifferenceTable found={found} />}
    </>
  );
}

function DifferenceTable({ found }: { readonly found: readonly Difference[] }) {
  if (found.length === 0) return <p>Both have the same payload.</p>;
  return (
    <table className="differences">
      <thead>
        <tr>
          <th scope="col">Member</th>
          <th scope="col">This delivery</th>
          <th scope="col">The other</th>
        </tr>
      </thead>
      <tbody>
        {found.map(({ path, left, right }) => (
          <tr key={path}>
            <th scope="row">
              <code>{path}</code>
            </th>
            <td>{left === undefined ? <span className="quiet">missing</span> : visible(left)}</td>
            <td>{right === undefined ? <span className="quiet">missing</span> : visible(right)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
