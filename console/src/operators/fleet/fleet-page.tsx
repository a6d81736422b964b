import { PageTitle } from '../../app/page-title.tsx';
import { useSession } from '../../app/session.tsx';
import { usePolled } from '../../app/use-polled.ts';
import { Badge } from '../../ui/badge.tsx';
import { Loading } from '../../ui/loading.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Panel } from '../../ui/panel.tsx';

const everyMs = 2000;

/** What every instance of every service does now. */
export function FleetPage() {
  const { client } = useSession();
  const fleet = usePolled('fleet', everyMs, async (signal) => {
    const query = { fleet: 'true' } as const;
    const options = { signal, retryForMs: 0, timeoutMs: 5000 };
    return (await client.request('GET /v1/degraded', { query }, options)).fleet;
  });
  return (
    <>
      <PageTitle title="Fleet">What every instance does now.</PageTitle>
      {fleet.error !== undefined && <Notice tone="bad">{fleet.error}</Notice>}
      {fleet.value === undefined ? (
        <Loading what="the fleet" />
      ) : (
        <Panel title="Instances">
          <ul class="grid gap-2">
            {fleet.value.instances.map(({ service, instance, state }) => (
              <li key={`${service} ${instance}`} class="flex gap-3">
                <span class="font-medium">{service}</span>
                <Badge tone={state === 'normal' ? 'good' : 'bad'}>{state}</Badge>
              </li>
            ))}
          </ul>
        </Panel>
      )}
    </>
  );
}
