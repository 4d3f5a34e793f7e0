import { useEffect } from 'react';
import { useAddress } from '../address.ts';
import { Link } from '../parts/link.tsx';
import { Explain } from './explain.tsx';
import { NewRule } from './new-rule.tsx';
import { RuleList } from './rule-list.tsx';

const VIEWS = [
  { view: null, to: '/rules', name: 'Every rule' },
  { view: 'explain', to: '/rules?view=explain', name: 'Explain a delivery' },
  { view: 'new', to: '/rules?view=new', name: 'Write a new rule' },
];

export default function RulesPage() {
  const { searchParams } = useAddress();
  const view = searchParams.get('view');
  useEffect(() => {
    document.title = 'Rules · Hookline';
  }, []);
  return (
    <div className="page">
      <h1>Rules</h1>
      <nav className="views" aria-label="Rules">
        {VIEWS.map(({ view: at, to, name }) => (
          <Link key={to} to={to} aria-current={view === at ? 'page' : undefined}>
            {name}
          </Link>
        ))}
      </nav>
      {view === 'explain' ? <Explain /> : view === 'new' ? <NewRule /> : <RuleList />}
    </div>
  );
}
