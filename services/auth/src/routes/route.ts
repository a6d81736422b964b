import { failClosed, failOpen } from '@secureconnect/degraded-mode';
import { declarersFor } from '@secureconnect/service';
import { revocationsBound } from '@secureconnect/tokens';
import type { AuthSetting } from '../config.ts';
import type { AuthContext } from '../context.ts';
import type { AuthPorts } from '../ports.ts';

/** Declares auth's routes. */
export const { route } = declarersFor<AuthPorts, AuthContext, AuthSetting>({
  bearer: { revocations: failOpen.snapshot(revocationsBound) },
});

/** For operations that are impossible without Redis. */
export const closed = failClosed({ retryAfterSeconds: 5 });
