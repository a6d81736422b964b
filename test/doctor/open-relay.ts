import { createSocket } from 'node:dgram';
import { once } from 'node:events';

const allocateRequest = 0x0003;
const allocateSuccess = 0x0103;

/**
 * A TURN server that gives everybody an allocation. Real ones refuse to be started like this beside
 * a secret, so this one is of the test: it answers each allocation with the success that coturn
 * answers with `no-auth`, and relays nothing.
 */
export async function startOpenRelay(): Promise<AsyncDisposable & { readonly url: string }> {
  const socket = createSocket('udp4');
  socket.on('message', (bytes, { address, port }) => {
    if (bytes.length < 20 || bytes.readUInt16BE(0) !== allocateRequest) return;
    const reply = Buffer.from(bytes.subarray(0, 20));
    reply.writeUInt16BE(allocateSuccess, 0);
    reply.writeUInt16BE(0, 2);
    socket.send(reply, port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    url: `turn:127.0.0.1:${socket.address().port}`,
    [Symbol.asyncDispose]: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}
