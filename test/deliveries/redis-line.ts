import { once } from 'node:events';
import { connect } from 'node:net';

/** Asks a Redis or a sentinel one thing, past every client; resolves to the reply as it came. */
export async function askRedis(port: number, command: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  try {
    socket.write(`${command}\r\n`);
    const [reply] = await once(socket, 'data');
    return String(reply);
  } finally {
    socket.destroy();
  }
}
