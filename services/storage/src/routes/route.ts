import { failClosed } from '@secureconnect/degraded-mode';
import { declarersFor } from '@secureconnect/service';
import type { RouteContext } from '../context.ts';
import { storeRetryAfterSeconds } from '../objects/store-unavailable.ts';
import { backedBy, type StoragePorts } from '../ports.ts';

/** Declares storage's routes. */
export const { route } = declarersFor<StoragePorts, RouteContext>({ backedBy });

const retryAfterSeconds = storeRetryAfterSeconds;

/** For a route whose every request needs the object store. */
export const needsObjects = { objects: failClosed({ retryAfterSeconds }) } as const;

/** For a route that first decides by SQL or by the URL whether it needs the store. */
export const mayNeedObjects = {
  objects: failClosed({ retryAfterSeconds, checkedAt: 'call' }),
} as const;
