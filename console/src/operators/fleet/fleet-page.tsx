import { PageTitle } from '../../app/page-title.tsx';
import { Loading } from '../../ui/loading.tsx';
import { Notice } from '../../ui/notice.tsx';
import { FleetHeadline } from './fleet-headline.tsx';
import { InstancesPanel } from './instances-panel.tsx';
import { RowsPanel } from './rows-panel.tsx';
import { useFleet } from './use-fleet.ts';

/** What every route of every instance does now, and why. */
export function FleetPage() {
  const fleet = useFleet();
  const { value, error } = fleet;
  return (
    <>
      <PageTitle title="Fleet" />
      {value === undefined && error === undefined && <Loading what="the fleet" />}
      {value === undefined && error !== undefined && <Notice tone="bad">{error}</Notice>}
      <FleetHeadline fleet={fleet} />
      {value !== undefined && (
        <div class={error === undefined ? 'grid gap-4' : 'grid gap-4 opacity-60'}>
          <InstancesPanel instances={value.instances} />
          <RowsPanel rows={value.rows} />
        </div>
      )}
    </>
  );
}
