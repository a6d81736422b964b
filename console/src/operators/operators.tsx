import { NotFoundPage } from '../app/not-found-page.tsx';
import { useLocation } from '../app/router.ts';
import { FleetPage } from './fleet/fleet-page.tsx';

/** The pages of operators. */
export function Operators() {
  const { path } = useLocation();
  if (path === '/operators/fleet') return <FleetPage />;
  return <NotFoundPage />;
}
