import { connect } from 'node:net';

const timeoutMs = 1000;

/**
 * Sends a command to a Redis or a sentinel without a client; resolves to the first raw reply.
 * Rejects without a reply.
 */
export function askRedis(port: number, command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    socket.setTimeout(timeoutMs, () => socket.destroy(new Error(`${port} does not answer`)));
    socket.once('error', reject);
    socket.once('close', () => reject(new Error(`${port} closed the connection`)));
    socket.once('data', (data) => {
      resolve(data.toString());
      socket.destroy();
    });
    socket.write(`${command}\r\n`);
  });
}
