import type { DegradedMode } from '@secureconnect/degraded-mode';
import { createDependencyMode } from '@secureconnect/service';
import { MessageStoreUnavailable, messagesUnavailable } from './message-store-unavailable.ts';

export type MessageStoreMode = DegradedMode<'message_store'>;

/** The mode of the message store; calls have the limits of its driver. */
export function createMessageStoreMode(service: string): MessageStoreMode {
  return createDependencyMode({
    service,
    dependency: 'message_store',
    isAway: (error) => error instanceof MessageStoreUnavailable && error.fault === 'away',
    reason: 'message store failed',
    refusalMessage: messagesUnavailable,
  });
}
