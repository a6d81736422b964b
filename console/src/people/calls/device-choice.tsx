import type { DeviceChoice as Choice, LocalMedia } from '@secureconnect/client/calls';
import { useEffect, useState } from 'preact/hooks';
import { SelectField } from '../../ui/select-field.tsx';

interface DeviceChoiceProps {
  readonly media: LocalMedia;
  readonly onChoose: (choice: Choice) => void;
}

const kinds = [
  { kind: 'audioinput', track: 'audio', device: 'microphone', label: 'Microphone' },
  { kind: 'videoinput', track: 'video', device: 'camera', label: 'Camera' },
] as const;

/** Which microphone and camera a call uses. */
export function DeviceChoice({ media, onChoose }: DeviceChoiceProps) {
  const devices = useDevices(media);
  const [chosen, setChosen] = useState<Choice>({});
  const tracks = media.stream?.getTracks() ?? [];
  return (
    <details class="text-sm">
      <summary class="w-fit text-accent">Microphone and camera</summary>
      <div class="mt-2 grid max-w-xl gap-3 sm:grid-cols-2">
        {kinds.map(({ kind, track, device, label }) => {
          const own = devices.filter((each) => each.kind === kind);
          if (own.length === 0) return <p key={kind}>{label}: none is connected.</p>;
          const used = tracks.find((each) => each.kind === track)?.getSettings().deviceId;
          return (
            <SelectField
              key={kind}
              label={label}
              value={used ?? chosen[device] ?? own[0]?.deviceId ?? ''}
              options={own.map((each, index) => [
                each.deviceId,
                each.label === '' ? `${label} ${index + 1}` : each.label,
              ])}
              onChange={(id) => {
                setChosen({ ...chosen, [device]: id });
                onChoose({ [device]: id });
              }}
            />
          );
        })}
      </div>
    </details>
  );
}

/** Those that are connected now. Their names are known once the user has allowed one. */
function useDevices(media: LocalMedia): Awaited<ReturnType<LocalMedia['list']>> {
  const [devices, setDevices] = useState<Awaited<ReturnType<LocalMedia['list']>>>([]);
  const names = media.stream?.getTracks().length;
  useEffect(() => {
    const read = (): void => {
      media.list().then(setDevices, reportError);
    };
    read();
    // Browsers have none outside of secure contexts.
    const { mediaDevices } = navigator as { readonly mediaDevices?: MediaDevices };
    mediaDevices?.addEventListener('devicechange', read);
    return () => mediaDevices?.removeEventListener('devicechange', read);
  }, [media, names]);
  return devices;
}
