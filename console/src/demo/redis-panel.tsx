import type { Schemas } from '@secureconnect/client';
import { Client } from '@secureconnect/client';
import { useMemo } from 'preact/hooks';
import { useAction } from '../app/use-action.ts';
import { usePolled } from '../app/use-polled.ts';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { classes } from '../ui/classes.ts';
import { Notice } from '../ui/notice.tsx';
import { RedisSwitch, type SwitchState } from './model/redis-switch.ts';

const askEveryMs = 3000;

const titles: Readonly<Record<SwitchState, string>> = {
  unknown: 'Redis',
  running: 'Redis is running',
  stopped: 'Redis is stopped',
  absent: 'Redis is not run by this page',
};

/** The switch, and what each service has noticed. */
export function RedisPanel() {
  const [client, redis] = useMemo(() => {
    const created = new Client({ baseUrl: location.origin });
    return [created, new RedisSwitch(created)];
  }, []);
  const fleet = usePolled('fleet', askEveryMs, async (signal) => {
    await redis.read();
    const query = { fleet: 'true' } as const;
    const options = { signal, retryForMs: 0 };
    return (await client.request('GET /v1/degraded', { query }, options)).fleet;
  });
  const state = redis.state.value;
  const turn = useAction(() => redis.set(state !== 'running'));
  return (
    <section
      aria-label="Redis"
      class={classes(
        'flex flex-wrap items-center gap-x-4 gap-y-2 rounded-lg border p-4',
        state === 'stopped' ? 'border-warn bg-warn-soft' : 'border-line bg-surface',
      )}
    >
      <p role="status" class="text-lg font-semibold">
        {titles[state]}
      </p>
      <Instances instances={fleet.value?.instances ?? []} />
      <span class="ml-auto">
        {state === 'absent' ? (
          <span class="text-sm text-muted">
            The switch is there where <code>npm start</code> runs Redis.
          </span>
        ) : (
          <Button
            kind={state === 'stopped' ? 'primary' : 'danger'}
            onClick={turn.run}
            isBusy={turn.isBusy}
            disabled={state === 'unknown'}
          >
            {state === 'stopped' ? 'Start Redis' : 'Stop Redis'}
          </Button>
        )}
      </span>
      {turn.error !== undefined && <Notice tone="bad">{turn.error}</Notice>}
    </section>
  );
}

const tones = { normal: 'good', degraded: 'warn', unreachable: 'bad' } as const;

/** Each service, and what it knows by now. */
function Instances({ instances }: Pick<Schemas['FleetTable'], 'instances'>) {
  return (
    <ul class="flex flex-wrap gap-1.5" aria-label="Services">
      {instances.map(({ instance, service, state }) => (
        <li key={`${service} ${instance}`}>
          <Badge tone={tones[state]}>
            {service.replace(/-service$|^api-/, '')}: {state}
          </Badge>
        </li>
      ))}
    </ul>
  );
}
