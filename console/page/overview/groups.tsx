import { useState } from 'react';
import type { OverviewAnswer } from '../../api.ts';
import { addressOfFilter } from '../deliveries/filter.ts';
import { duration } from '../parts/format.ts';
import { Link } from '../parts/link.tsx';
import { addressOfRepository } from '../repository/address.ts';

interface Props {
  readonly name: string;
  readonly field: 'repository' | 'rule';
  readonly groups: OverviewAnswer['repositories'];
}

// The rest is shown on demand.
const FIRST = 10;

/** The runs by repository or by rule. */
export function Groups({ name, field, groups }: Props) {
  const [all, setAll] = useState(false);
  const shown = all ? groups : groups.slice(0, FIRST);
  return (
    <section aria-label={`By ${field}`}>
      <table>
        <thead>
          <tr>
            {[name, 'Done', 'Failed', 'p50', 'p95'].map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map(({ name: group, host, counts, waits }) => (
            <tr key={`${host} ${group}`}>
              <th scope="row" title={host ? `${group} on ${host}` : group}>
                <Link
                  to={
                    field === 'repository'
                      ? addressOfRepository({ host, repository: group })
                      : addressOfFilter({ rule: group })
                  }
                >
                  {group}
                </Link>
              </th>
              <td>{counts.done}</td>
              <td className={counts.failed > 0 ? 'bad' : undefined}>{counts.failed}</td>
              <td>{waits ? duration(waits.p50) : '–'}</td>
              <td>{waits ? duration(waits.p95) : '–'}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {groups.length > FIRST && (
        <button type="button" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? 'Show less' : `Show all ${groups.length}`}
        </button>
      )}
    </section>
  );
}
