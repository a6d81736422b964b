import { connect } from 'node:net';
import { respEnd } from './resp-end.ts';

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
    let reply = Buffer.alloc(0);
    socket.on('data', (data) => {
      // A long reply comes in pieces.
      reply = Buffer.concat([reply, data]);
      try {
        const end = respEnd(reply.toString('latin1'));
        if (end === undefined) return;
        resolve(reply.toString('utf8', 0, end));
      } catch (error) {
        reject(error);
      }
      socket.destroy();
    });
    socket.write(`${command}\r\n`);
  });
}
