import type { ServerResponse } from 'node:http';
import type { Take } from '../objects/object-store.ts';

/** The client has gone before it had everything. */
class ClientGone extends Error {
  override readonly name = 'ClientGone';
}

/**
 * Sends the chunks of `body` as the rest of a reply, and ends it. A chunk is taken when the system
 * has it, so its memory may be used again. Resolves also if the client leaves, which is not an
 * error. Rejects with the error of `body`.
 */
export async function sendChunks(
  body: (take: Take) => Promise<void>,
  outgoing: ServerResponse,
): Promise<void> {
  const gone = Promise.withResolvers<never>();
  gone.promise.catch(() => undefined); // Not every chunk waits for it.
  const left = (): void => gone.reject(new ClientGone('the client has left'));
  // Of the connection: a reply that waits behind an earlier one on it is not told.
  const { socket } = outgoing.req;
  socket.once('close', left);
  if (socket.destroyed) left();
  try {
    await body((chunk) => Promise.race([written(outgoing, chunk), gone.promise]));
    outgoing.end();
  } catch (error) {
    // Clients often abort downloads; the connection is already closed.
    if (!(error instanceof ClientGone)) throw error;
  } finally {
    socket.off('close', left);
  }
}

function written(outgoing: ServerResponse, chunk: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    outgoing.write(chunk, (error) => {
      if (error) reject(new ClientGone('the client has left', { cause: error }));
      else resolve();
    });
  });
}
