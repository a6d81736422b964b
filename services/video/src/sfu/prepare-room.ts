import type { NewCall } from '@secureconnect/contracts';
import { ApiError } from '@secureconnect/service';
import { type Caller, sizeOfNewCall } from '../calls/open-call.ts';
import type { VideoContext } from '../context.ts';
import { createRoom } from './sfu.ts';

/**
 * Creates the room for a call through the SFU, before the call itself: if the LiveKit server is
 * down, nothing has happened. LiveKit deletes a room that nobody comes to, because the call was not
 * created after all.
 * @throws ApiError VALIDATION_ERROR without an SFU, SERVICE_UNAVAILABLE if it does not answer, and
 * as `openCall` does
 */
export async function prepareRoom(
  { database, sfu }: Pick<VideoContext, 'database' | 'sfu'>,
  caller: Caller,
  asked: NewCall,
  callId: string,
): Promise<void> {
  if (sfu === undefined) throw noSfu();
  const size = await sizeOfNewCall(database, caller, asked);
  if (size !== undefined) await createRoom(sfu, callId, size);
}

function noSfu(): ApiError {
  const message = 'expected "mesh": this server has no SFU';
  const details = [{ field: 'body.topology', message }];
  return new ApiError('VALIDATION_ERROR', `body.topology ${message}.`, { details });
}
