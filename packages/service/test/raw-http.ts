import { once } from 'node:events';
import { connect } from 'node:net';

/** What a server sent over one connection, byte for byte. */
export interface RawReply {
  readonly status: number;
  readonly head: string;
  readonly body: string;
  readonly text: string;
}

/** Sends bytes as they are and reads until the server ends the connection. */
export async function sendRaw(port: number, ...parts: readonly string[]): Promise<RawReply> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  for (const part of parts) socket.write(part);
  let text = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  await once(socket, 'close');
  return rawReply(text);
}

function rawReply(text: string): RawReply {
  const [head = '', ...rest] = text.split('\r\n\r\n');
  const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(head)?.[1]);
  return { status, head, body: rest.join('\r\n\r\n'), text };
}
