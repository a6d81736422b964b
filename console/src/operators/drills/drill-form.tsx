import { useState } from 'preact/hooks';
import { useSession } from '../../app/session.tsx';
import { useSensitiveAction } from '../../app/step-up/use-sensitive-action.tsx';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Panel } from '../../ui/panel.tsx';
import { SelectField } from '../../ui/select-field.tsx';
import { DrillTargetFields } from './drill-target-fields.tsx';
import {
  type Dependency,
  type DrillTarget,
  dependencyNames,
  firstTarget,
  withDependency,
} from './drill-targets.ts';

const dependencies = Object.entries(dependencyNames) as [Dependency, string][];

const lengths = [
  ['30', '30 seconds'],
  ['60', '1 minute'],
  ['300', '5 minutes'],
  ['1800', '30 minutes'],
] as const;

export function DrillForm({ onBegun }: { onBegun: () => void }) {
  const { client } = useSession();
  const [target, setTarget] = useState<DrillTarget>(firstTarget);
  const [seconds, setSeconds] = useState<(typeof lengths)[number][0]>('60');
  const begin = useSensitiveAction(async () => {
    const { dependency, services, instance, port } = target;
    const body = {
      ...{ services: [...services], dependency, seconds: Number(seconds) },
      ...(instance === '' ? {} : { instance }),
      ...(port === '' ? {} : { port }),
    };
    await client.request('POST /v1/admin/drills', { body });
    onBegun();
  });
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
            value={target.dependency}
            options={dependencies}
            onChange={(dependency) => setTarget(withDependency(dependency))}
          />
          <SelectField label="For" value={seconds} options={lengths} onChange={setSeconds} />
        </div>
        <DrillTargetFields target={target} onChange={setTarget} />
        {target.services.includes('auth') && (
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
            disabled={target.services.length === 0}
          >
            Begin the drill
          </Button>
        </div>
      </form>
      {begin.question}
    </Panel>
  );
}
