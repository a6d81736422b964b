import { useSession } from './session.tsx';
import { usePolled } from './use-polled.ts';

/** A role is given and taken away rarely. */
const everyMs = 5 * 60_000;

/**
 * Whether the signed-in user is an administrator; false until the server has said so. It decides what
 * is offered, not what is allowed: the server decides that at each request.
 */
export function useIsAdmin(): boolean {
  const { client, userId } = useSession();
  const me = usePolled(`role ${userId}`, everyMs, (signal) =>
    client.request('GET /v1/users/me', {}, { signal }),
  );
  return me.value?.role === 'admin';
}
