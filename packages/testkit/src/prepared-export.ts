import { eventually } from '@secureconnect/degraded-mode/testing';
import { type KnownUser, type SampleWorld, textField } from './sample.ts';

const path = '/v1/users/me/export';

/** Requests an export of a user's data and waits until it is ready; by default, of a new user. */
export async function preparedExport(
  world: SampleWorld,
  of?: KnownUser,
): Promise<{ readonly token: string; readonly exportId: string }> {
  const { token } = of ?? (await world.knownUser());
  const requested = await world.data('auth', 'POST', path, { token });
  await eventually(
    async () => {
      const { state } = await world.data('auth', 'GET', path, { token });
      if (state !== 'ready') throw new Error(`the export is ${String(state)}`);
    },
    { timeoutMs: 30_000, intervalMs: 100 },
  );
  return { token, exportId: textField(requested, 'export_id') };
}
