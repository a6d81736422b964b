import { failClosed, failOpen } from '@secureconnect/degraded-mode';
import { routesFor } from '@secureconnect/service';
import type { AuthContext } from '../context.ts';
import type { AuthPorts } from '../ports.ts';

/** Declares auth's routes. */
export const route = routesFor<AuthPorts, AuthContext>({
  bearer: { revocations: failOpen.snapshot({ maxStalenessSeconds: 60 }) },
});

/** For what cannot be done without Redis. */
export const refuse = failClosed({ retryAfterSeconds: 5 });
