import { failOpen } from '@secureconnect/degraded-mode';
import type { Connection } from '@secureconnect/realtime';
import { routesFor } from '@secureconnect/service';
import type { VideoContext } from '../context.ts';
import type { VideoPorts } from '../ports.ts';

/** Declares video's routes. */
export const route = routesFor<VideoPorts, VideoContext, Connection>({
  bearer: { revocations: failOpen.snapshot({ maxStalenessSeconds: 60 }) },
});

/** The gateway sends every socket of one call to one instance, so local is enough. */
export const fanOutHere = { fanOut: failOpen.local() } as const;
