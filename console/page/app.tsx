import { lazy, Suspense } from 'react';
import type { DeploymentAnswer } from '../api.ts';
import { useAddress } from './address.ts';
import { useLive } from './api/use-live.ts';
import { DeliveriesPage } from './deliveries/page.tsx';
import { Help } from './help/help.tsx';
import { Boundary } from './parts/boundary.tsx';
import { Link } from './parts/link.tsx';
import { Loading, Problem } from './parts/placeholders.tsx';
import { useClock } from './parts/use-clock.ts';
import { usePlace } from './parts/use-place.ts';
import { repositoryAt } from './repository/address.ts';

// The browser loads these pages when they are first opened: most people open the list of deliveries alone.
const DeliveryPage = lazy(() => import('./delivery/page.tsx'));
const OverviewPage = lazy(() => import('./overview/page.tsx'));
const PipelinesPage = lazy(() => import('./pipelines/page.tsx'));
const ReplayPage = lazy(() => import('./replay/page.tsx'));
const RepositoryPage = lazy(() => import('./repository/page.tsx'));
const RulesPage = lazy(() => import('./rules/page.tsx'));

const PAGES = [
  { name: 'Deliveries', to: '/', at: /^\/((deliveries|repositories)\/.*)?$/ },
  { name: 'Overview', to: '/overview', at: /^\/overview/ },
  { name: 'Pipelines', to: '/pipelines', at: /^\/pipelines/ },
  { name: 'Replay', to: '/replay', at: /^\/replay/ },
  { name: 'Rules', to: '/rules', at: /^\/rules/ },
];

export function App() {
  const { pathname, searchParams } = useAddress();
  usePlace(`${pathname} ${searchParams.get('name') ?? ''}`);
  // Every time on the page follows it.
  useClock();
  const { value: deployment, failure } = useLive<DeploymentAnswer>('deployment', 0);
  return (
    <>
      <a className="skip" href="#content">
        Skip to the content
      </a>
      <header className="top">
        <span className="brand">Hookline</span>
        <nav aria-label="Main">
          {PAGES.map(({ name, to, at }) => (
            <Link key={to} to={to} aria-current={at.test(pathname) ? 'page' : undefined}>
              {name}
            </Link>
          ))}
        </nav>
        <span className="deployment">{deployment && titleOf(deployment)}</span>
        <Help />
      </header>
      <main id="content" tabIndex={-1}>
        <Boundary key={pathname}>
          {failure?.status === 401 ? <Problem failure={failure} /> : <PageAt pathname={pathname} />}
        </Boundary>
      </main>
    </>
  );
}

const titleOf = ({ stackName, local }: DeploymentAnswer): string =>
  local ? `${stackName} on this machine` : `${stackName} on AWS`;

function PageAt({ pathname }: { readonly pathname: string }) {
  return (
    <Suspense fallback={<Loading />}>
      <Page pathname={pathname} />
    </Suspense>
  );
}

function Page({ pathname }: { readonly pathname: string }) {
  if (pathname === '/') return <DeliveriesPage />;
  if (pathname === '/overview') return <OverviewPage />;
  if (pathname === '/pipelines') return <PipelinesPage />;
  if (pathname === '/replay') return <ReplayPage />;
  if (pathname === '/rules') return <RulesPage />;
  const delivery = /^\/deliveries\/([^/]+)$/.exec(pathname)?.[1];
  if (delivery !== undefined) return <DeliveryPage key={delivery} id={decodeURIComponent(delivery)} />;
  const repository = repositoryAt(pathname);
  return repository ? <RepositoryPage {...repository} /> : <NoSuchPage />;
}

function NoSuchPage() {
  return (
    <section className="notice">
      <h1>No such page</h1>
      <p>
        <Link to="/">See the deliveries</Link>
      </p>
    </section>
  );
}
