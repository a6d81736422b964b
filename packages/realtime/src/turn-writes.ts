import type { Duplex } from 'node:stream';

/** Sockets whose writes are held until the end of this turn. */
const held = new Set<Duplex>();

/**
 * Joins what is written to a socket within one turn of the event loop, from now on: the frames of
 * messages that were stored together reach the operating system in one call.
 */
export function holdWrites(socket: Duplex): void {
  if (held.has(socket)) return;
  if (held.size === 0) process.nextTick(releaseAll);
  held.add(socket);
  socket.cork();
}

/** What is held for a socket leaves now. */
export function releaseWrites(socket: Duplex): void {
  if (held.delete(socket)) socket.uncork();
}

function releaseAll(): void {
  const sockets = [...held];
  held.clear();
  for (const socket of sockets) socket.uncork();
}
