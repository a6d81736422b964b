import { connect } from 'node:net';

/** Resolves if nothing listens on a local port; rejects otherwise. */
export async function refuses(port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('error', () => resolve());
    socket.once('connect', () => {
      socket.destroy();
      reject(new Error(`port ${port} still answers`));
    });
  });
}
