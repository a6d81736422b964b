import { SelectField } from '../../ui/select-field.tsx';
import { useFleet } from '../fleet/use-fleet.ts';
import { type DrillTarget, portsOf, servicesWith, withToggled } from './drill-targets.ts';

interface DrillTargetFieldsProps {
  readonly target: DrillTarget;
  readonly onChange: (target: DrillTarget) => void;
}

/** Where the dependency fails: in which services; of one, on which instance and at which port. */
export function DrillTargetFields({ target, onChange }: DrillTargetFieldsProps) {
  const services = servicesWith(target.dependency);
  return (
    <>
      {services.length > 1 && (
        <fieldset>
          <legend class="mb-1 text-sm font-medium">Services</legend>
          <div class="flex flex-wrap gap-x-5 gap-y-2">
            {services.map((service) => (
              <label key={service} class="inline-flex min-h-6 items-center gap-2">
                <input
                  type="checkbox"
                  class="size-4 accent-accent"
                  checked={target.services.includes(service)}
                  onChange={() => onChange(withToggled(target, service))}
                />
                {service}
              </label>
            ))}
          </div>
        </fieldset>
      )}
      {target.services.length === 1 && <PartFields target={target} onChange={onChange} />}
    </>
  );
}

function PartFields({ target, onChange }: DrillTargetFieldsProps) {
  const [service] = target.services;
  const instances = (useFleet().value?.instances ?? []).flatMap((each) =>
    each.service === service && each.instance !== null ? [each.instance] : [],
  );
  return (
    <div class="grid gap-4 sm:grid-cols-2">
      <SelectField
        label="Instance"
        value={instances.includes(target.instance) ? target.instance : ''}
        options={[['', 'all'], ...instances.map((each) => [each, each] as const)]}
        onChange={(instance) => onChange({ ...target, instance })}
      />
      <SelectField
        label="Port"
        value={target.port}
        options={[['', 'all'], ...portsOf(target).map((each) => [each, each] as const)]}
        onChange={(port) => onChange({ ...target, port })}
      />
    </div>
  );
}
