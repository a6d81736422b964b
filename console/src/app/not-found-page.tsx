import { Link } from './link.tsx';
import { PageTitle } from './page-title.tsx';

export function NotFoundPage() {
  return (
    <PageTitle title="There is no such page">
      <Link to="" class="text-accent underline">
        Go to the first page
      </Link>
    </PageTitle>
  );
}
