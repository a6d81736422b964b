import { useSession } from '../../app/session.tsx';
import { type Polled, usePolled } from '../../app/use-polled.ts';
import { useOutages } from '../timeline/use-outages.ts';
import type { Fleet } from './fleet.ts';

const everyMs = 2000;
const timeoutMs = 6000;

/** The whole fleet, read every two seconds. What is not normal is noted for the timeline. */
export function useFleet(): Polled<Fleet> {
  const { client } = useSession();
  const { note } = useOutages();
  return usePolled('fleet', everyMs, async (signal) => {
    const query = { fleet: 'true', rows: 'all' } as const;
    const options = { signal, timeoutMs, retryForMs: 0 };
    const { fleet } = await client.request('GET /v1/degraded', { query }, options);
    if (fleet === undefined) throw new TypeError('the gateway has sent no fleet');
    note(fleet);
    return fleet;
  });
}
