import type { ComponentType } from 'preact';
import { Link } from '../app/link.tsx';
import { NotFoundPage } from '../app/not-found-page.tsx';
import { useLocation } from '../app/router.ts';
import { AccountsPage } from './accounts/accounts-page.tsx';
import { AlertsPage } from './alerts/alerts-page.tsx';
import { AuditPage } from './audit/audit-page.tsx';
import { DrillsPage } from './drills/drills-page.tsx';
import { FleetPage } from './fleet/fleet-page.tsx';
import { OutboxPage } from './outbox/outbox-page.tsx';
import { TimelinePage } from './timeline/timeline-page.tsx';

interface OperatorPage {
  readonly path: string;
  readonly name: string;
  readonly Page: ComponentType;
}

const pages: readonly OperatorPage[] = [
  { path: '/operators/fleet', name: 'Fleet', Page: FleetPage },
  { path: '/operators/timeline', name: 'Timeline', Page: TimelinePage },
  { path: '/operators/drills', name: 'Drills', Page: DrillsPage },
  { path: '/operators/alerts', name: 'Alerts', Page: AlertsPage },
  { path: '/operators/accounts', name: 'Accounts', Page: AccountsPage },
  { path: '/operators/audit', name: 'Audit', Page: AuditPage },
  { path: '/operators/outbox', name: 'Outbox', Page: OutboxPage },
];

/** The pages of operators. */
export function Operators() {
  const { path } = useLocation();
  const Page = pages.find((each) => each.path === path)?.Page ?? NotFoundPage;
  return (
    <>
      <nav aria-label="Operators" class="mb-6 flex flex-wrap gap-x-1 border-b border-line">
        {pages.map(({ path: to, name }) => (
          <Link
            key={to}
            to={to}
            class="-mb-px border-b-2 border-transparent px-3 py-2 text-sm font-medium text-muted hover:text-ink aria-[current]:border-accent aria-[current]:text-ink"
          >
            {name}
          </Link>
        ))}
      </nav>
      <Page />
    </>
  );
}
