import type { CallOptions } from '../http/request.ts';
import type { ClientParts } from '../parts.ts';
import { unlessAborted } from '../support/delay.ts';
import type { CallView } from './call-view.ts';

export type Action = 'accept' | 'join' | 'decline' | 'cancel' | 'end';

/** Of requests about calls, which may all be sent again when their reply is lost (docs/retries.md). */
export type ActOptions = Pick<CallOptions, 'signal' | 'retryForMs' | 'timeoutMs'>;

/** Does something with a call. @returns the call after that */
export function act(
  { requester, tokens }: ClientParts,
  callId: string,
  action: Action,
  options: ActOptions,
): Promise<CallView> {
  const request = { path: { call_id: callId } };
  const repeatable = { ...options, isRepeatable: true };
  return requester.send(`POST /v1/calls/:call_id/${action}`, request, tokens, repeatable);
}

/**
 * Waits for the reply by which this device comes into a call. An abort comes too late for a request
 * that is under way: then the device leaves the call again.
 * @throws the reason of the signal, at once
 */
export async function comeOrLeave(
  { parts, onError }: { readonly parts: ClientParts; readonly onError: (error: unknown) => void },
  coming: Promise<CallView>,
  signal: AbortSignal | undefined,
): Promise<CallView> {
  try {
    return await unlessAborted(coming, signal);
  } catch (error) {
    // A request that has failed by itself needs nothing more.
    if (signal?.aborted === true) {
      const leave = ({ call_id }: CallView) => act(parts, call_id, 'end', {}).catch(onError);
      void coming.then(leave, () => undefined);
    }
    throw error;
  }
}
