import { failClosed, failOpen } from '@secureconnect/degraded-mode';
import type { Connection } from '@secureconnect/realtime';
import { routesFor } from '@secureconnect/service';
import type { ChatContext } from '../context.ts';
import type { ChatPorts } from '../ports.ts';

/** Declares chat's routes. */
export const route = routesFor<ChatPorts, ChatContext, Connection>({
  bearer: { revocations: failOpen.snapshot({ maxStalenessSeconds: 60 }) },
});

/** What is stored reaches the sockets of this instance; those of others read it from the store. */
export const fanOutHere = { fanOut: failOpen.local() } as const;

/** Only people who are named by e-mail address or user name are looked up. */
export const directoryForNames = {
  directory: failClosed({ retryAfterSeconds: 5, whenUsed: true }),
} as const;
