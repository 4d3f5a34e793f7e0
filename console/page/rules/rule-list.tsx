import type { RuleAnswer, RuleCountsAnswer, RuleProblem, RulesAnswer } from '../../api.ts';
import { useLive } from '../api/use-live.ts';
import { Empty, Loading, Problem } from '../parts/placeholders.tsx';
import { Clause } from './clause.tsx';
import { Counts } from './counts.tsx';

const POLL_MS = 3000;
// The server reads up to 100,000 records to count.
const COUNT_MS = 60_000;

/** Every rule: its match in words, and how often the rule matched. */
export function RuleList() {
  const { value, failure, refresh } = useLive<RulesAnswer>('rules', POLL_MS);
  const counted = useLive<RuleCountsAnswer>('rules/counts', COUNT_MS);
  if (!value)
    return failure ? <Problem failure={failure} retry={refresh} /> : <Loading what="Loading rules" />;
  return (
    <>
      {value.rules.length === 0 && (
        <Empty title="No rule is deployed">
          <p>Add a file below events/rules and deploy.</p>
        </Empty>
      )}
      <ul className="rules">
        {value.rules.map((rule) => (
          <OneRule key={rule.name} rule={rule} counted={counted.value} />
        ))}
      </ul>
      <p className="hint" role="status">
        {failure
          ? `Not up to date: ${failure.message}`
          : counted.failure && `Not counted: ${counted.failure.message}`}
      </p>
      <p className="hint">
        The counts are of the deliveries on record of the last seven days (UTC), with their replays. A
        rejected delivery leaves no record.
      </p>
      <Problems problems={value.problems} />
    </>
  );
}

function Problems({ problems }: { readonly problems: readonly RuleProblem[] }) {
  return (
    <div role="alert" className="problems-place">
      {problems.length > 0 && (
        <section className="problems">
          <h2>{problems.length === 1 ? 'A rule file is wrong' : 'Rule files are wrong'}</h2>
          <p>The rules stay as they were until this is mended:</p>
          <ul>
            {problems.map(({ file, line, column, message }) => (
              <li key={`${file}:${line}:${column}:${message}`}>
                <code>
                  {file}:{line}:{column}
                </code>{' '}
                {message}
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}

function OneRule({
  rule: { name, description, enabled, clauses },
  counted,
}: {
  readonly rule: RuleAnswer;
  readonly counted: RuleCountsAnswer | undefined;
}) {
  const pipeline = counted?.pipelines[name];
  return (
    <li className="rule">
      <div className="rule-words">
        <h2>
          {name}
          {!enabled && <span className="tag">disabled</span>}
          {pipeline && <span className="starts">starts {pipeline}</span>}
        </h2>
        <p>{description}</p>
        {clauses.length === 0 && <p className="clause">matches every event</p>}
        <ul className="clauses">
          {clauses.map(({ path, words }) => (
            <li key={`${path} ${words}`}>
              <Clause path={path} words={words} />
            </li>
          ))}
        </ul>
      </div>
      <Counts rule={name} counted={counted} />
    </li>
  );
}
