import { headerLinkClass } from './header-link-class.ts';
import { Link } from './link.tsx';
import { useLocation } from './router.ts';
import { useIsAdmin } from './use-is-admin.ts';

/** The areas of the console, each with the page that it begins with. */
const areas = [
  { name: 'Messages', area: '/people', to: '/people', isForAdmins: false },
  { name: 'Operators', area: '/operators', to: '/operators/fleet', isForAdmins: true },
] as const;

/** Links to the areas that the signed-in user may use. */
export function AreaLinks() {
  const { path } = useLocation();
  const isAdmin = useIsAdmin();
  const shown = areas.filter(({ isForAdmins }) => isAdmin || !isForAdmins);
  return (
    <nav aria-label="Areas" class="grid justify-items-start gap-1 sm:flex">
      {shown.map(({ name, area, to }) => (
        <Link key={to} to={to} class={headerLinkClass} isCurrent={path.startsWith(area)}>
          {name}
        </Link>
      ))}
    </nav>
  );
}
