import type { Operation } from '../history.ts';
import type { Invariant } from './invariant.ts';
import { inWords } from './replies.ts';

interface Bundle {
  readonly device_id: string;
  readonly one_time_pre_key: { readonly key_id: number; readonly public_key: string } | null;
}

/** Judges the one-time pre-keys that users were given. */
export const oneTimeKeys: Invariant = {
  name: 'a one-time pre-key is given out once',
  judge({ operations }) {
    const given = operations.flatMap((operation) =>
      keysIn(operation).map((key) => ({ key, operation })),
    );
    const broken = [...Map.groupBy(given, ({ key }) => key)]
      .filter(([, times]) => times.length > 1)
      .map(([key, times]) => {
        const replies = times.map(({ operation }) => inWords(operation));
        return `${key} was given out ${times.length} times; ${replies.join('; ')}`;
      });
    return { broken, judged: given.length, seen: `${given.length} keys given out` };
  },
};

function keysIn({ name, status, body }: Operation): string[] {
  if (name !== 'take keys' || status !== 200) return [];
  const { devices }: { devices: readonly Bundle[] } = JSON.parse(body).data;
  return devices.flatMap(({ device_id: device, one_time_pre_key: key }) =>
    key === null ? [] : [`key ${key.key_id} of device ${device}`],
  );
}
