import { failOpen } from '@secureconnect/degraded-mode';
import type { Connection } from '@secureconnect/realtime';
import { declarersFor } from '@secureconnect/service';
import { revocationsBound } from '@secureconnect/tokens';
import type { VideoContext } from '../context.ts';
import type { VideoPorts } from '../ports.ts';

/** Declares video's routes. */
export const { route, socket, frame } = declarersFor<VideoPorts, VideoContext, never, Connection>({
  bearer: { revocations: failOpen.snapshot(revocationsBound) },
});

/** The gateway routes all sockets of a call to one instance, so local delivery suffices. */
export const fanOutHere = { fanOut: failOpen.local() } as const;

/**
 * Changes of a call that all devices of its users hear of. Pushes wait until Redis says which
 * devices have sockets.
 */
export const tellsDevices = { ...fanOutHere, push: failOpen.skip() } as const;
