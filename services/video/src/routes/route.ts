import { failOpen } from '@secureconnect/degraded-mode';
import type { Connection } from '@secureconnect/realtime';
import { declarersFor } from '@secureconnect/service';
import type { VideoContext } from '../context.ts';
import type { VideoPorts } from '../ports.ts';

/** Maximum age of the snapshot that judges tokens without Redis, for requests and sockets. */
export const revocationsBound = { maxStalenessSeconds: 60 } as const;

/** Declares video's routes. */
export const { route, socket, frame } = declarersFor<VideoPorts, VideoContext, never, Connection>({
  bearer: { revocations: failOpen.snapshot(revocationsBound) },
});

/** The gateway routes all sockets of a call to one instance, so local delivery suffices. */
export const fanOutHere = { fanOut: failOpen.local() } as const;
