import { failOpen } from '@secureconnect/degraded-mode';
import type { Connection } from '@secureconnect/realtime';
import { declarersFor } from '@secureconnect/service';
import type { VideoContext } from '../context.ts';
import type { VideoPorts } from '../ports.ts';

/** What a token is judged by without Redis may be so old, for requests and for sockets. */
export const revocationsBound = { maxStalenessSeconds: 60 } as const;

/** Declares video's routes. */
export const { route, socket, frame } = declarersFor<VideoPorts, VideoContext, never, Connection>({
  bearer: { revocations: failOpen.snapshot(revocationsBound) },
});

/** The gateway sends every socket of one call to one instance, so local is enough. */
export const fanOutHere = { fanOut: failOpen.local() } as const;
