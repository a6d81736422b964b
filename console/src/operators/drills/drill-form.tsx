import type { RequestOf } from '@secureconnect/client';
import { useState } from 'preact/hooks';
import { useSession } from '../../app/session.tsx';
import { useSensitiveAction } from '../../app/step-up/use-sensitive-action.tsx';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Panel } from '../../ui/panel.tsx';
import { SelectField } from '../../ui/select-field.tsx';

type DrilledService = RequestOf<'POST /v1/admin/drills'>['body']['services'][number];

/** Services that use Redis, and the one that uses the object store. */
const withRedis: readonly DrilledService[] = ['gateway', 'auth', 'chat', 'video'];

const dependencies = [
  ['redis', 'Redis'],
  ['object_store', 'the object store (storage)'],
] as const;

const lengths = [
  ['30', '30 seconds'],
  ['60', '1 minute'],
  ['300', '5 minutes'],
  ['1800', '30 minutes'],
] as const;

export function DrillForm({ onBegun }: { onBegun: () => void }) {
  const { client } = useSession();
  const [dependency, setDependency] = useState<(typeof dependencies)[number][0]>('redis');
  const [chosen, setChosen] = useState<readonly DrilledService[]>(['chat']);
  const [seconds, setSeconds] = useState<(typeof lengths)[number][0]>('60');
  const services: readonly DrilledService[] = dependency === 'redis' ? chosen : ['storage'];
  const begin = useSensitiveAction(async () => {
    const body = { services: [...services], dependency, seconds: Number(seconds) };
    await client.request('POST /v1/admin/drills', { body });
    onBegun();
  });
  const toggle = (service: DrilledService): void =>
    setChosen(withRedis.filter((each) => chosen.includes(each) !== (each === service)));
  return (
    <Panel title="Begin a drill">
      <form
        class="grid max-w-xl gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          begin.run();
        }}
      >
        <div class="grid gap-4 sm:grid-cols-2">
          <SelectField
            label="What fails"
            value={dependency}
            options={dependencies}
            onChange={setDependency}
          />
          <SelectField label="For" value={seconds} options={lengths} onChange={setSeconds} />
        </div>
        {dependency === 'redis' && (
          <fieldset>
            <legend class="mb-1 text-sm font-medium">Services</legend>
            <div class="flex flex-wrap gap-x-5 gap-y-2">
              {withRedis.map((service) => (
                <label key={service} class="inline-flex min-h-6 items-center gap-2">
                  <input
                    type="checkbox"
                    class="size-4 accent-accent"
                    checked={chosen.includes(service)}
                    onChange={() => toggle(service)}
                  />
                  {service}
                </label>
              ))}
            </div>
          </fieldset>
        )}
        {services.includes('auth') && (
          <Notice tone="warn">
            A drill of auth may refuse sign-ins, yours among them. The drill can still be ended
            here.
          </Notice>
        )}
        {begin.error !== undefined && <Notice tone="bad">{begin.error}</Notice>}
        <div>
          <Button
            type="submit"
            kind="primary"
            isBusy={begin.isBusy}
            disabled={services.length === 0}
          >
            Begin the drill
          </Button>
        </div>
      </form>
      {begin.question}
    </Panel>
  );
}
