import { byValue, failClosed, failOpen } from '@secureconnect/degraded-mode';
import { declarersFor } from '@secureconnect/service';
import { revocationsBound } from '@secureconnect/tokens';
import type { AuthSettings } from '../config.ts';
import type { AuthContext } from '../context.ts';
import type { AuthPorts } from '../ports.ts';

/** Declares auth's routes. */
export const { route } = declarersFor<AuthPorts, AuthContext, AuthSettings>({
  bearer: { revocations: failOpen.snapshot(revocationsBound) },
});

/** For operations that are impossible without Redis. */
const closed = failClosed({ retryAfterSeconds: 5 });

/** For starting a session by signing in, in any way. */
export const newSessionsBySetting = byValue('SIGN_IN_WITHOUT_REDIS', {
  refuse: closed,
  stateless: failOpen.local(),
  durable: failOpen.durable(),
});

/** For proofs of who somebody is. SQL counts failures in any case; the port only caches locks. */
export const locksOfSignIn = byValue('SIGN_IN_WITHOUT_REDIS', {
  refuse: closed,
  stateless: failOpen.local(),
  durable: failOpen.local(),
});

/** For the cache of locks, of which SQL is the truth; where `closedUnlessDurable` goes on. */
export const locksUnlessDurable = byValue('SIGN_IN_WITHOUT_REDIS', {
  refuse: closed,
  stateless: closed,
  durable: failOpen.local(),
});

/** For what goes on in SQL alone with `SIGN_IN_WITHOUT_REDIS=durable`, and is refused otherwise. */
export const closedUnlessDurable = byValue('SIGN_IN_WITHOUT_REDIS', {
  refuse: closed,
  stateless: closed,
  durable: failOpen.durable(),
});
