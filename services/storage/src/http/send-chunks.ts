import type { ServerResponse } from 'node:http';
import type { Take } from '../objects/object-store.ts';

/** The client has gone before it had everything. */
class ClientGone extends Error {
  override readonly name = 'ClientGone';
}

/**
 * Sends the chunks of `body` as the rest of a reply, and ends it. A chunk is taken when the system
 * has it, so its memory may be used again. Resolves also if the client leaves, which is not an
 * error. Rejects with the error of `body`, and if that has fewer bytes than were announced.
 */
export async function sendChunks(
  body: (take: Take) => Promise<void>,
  outgoing: ServerResponse,
): Promise<void> {
  // Otherwise the connection would stay open, and its client would wait for the rest.
  outgoing.strictContentLength = true;
  // Of the connection: a reply that waits behind an earlier one on it is not told.
  const { socket } = outgoing.req;
  let refuse: ((reason: ClientGone) => void) | undefined;
  const left = (): void => refuse?.(new ClientGone('the client has left'));
  const take = (chunk: Uint8Array): Promise<void> =>
    new Promise((resolve, reject) => {
      refuse = reject;
      if (socket.destroyed) left();
      else outgoing.write(chunk, (error) => (error ? left() : resolve()));
    });
  socket.once('close', left);
  try {
    await body(take);
    outgoing.end();
  } catch (error) {
    // Clients often abort downloads; the connection is already closed.
    if (!(error instanceof ClientGone)) throw error;
  } finally {
    socket.off('close', left);
  }
}
