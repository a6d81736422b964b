import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';

export interface MailServer extends AsyncDisposable {
  readonly url: string;
  readonly mails: {
    readonly from: string;
    readonly to: readonly string[];
    readonly text: string;
  }[];
}

export interface MailServerOptions {
  /** Refuses every recipient, or this one. */
  readonly refusing?: boolean | string;
  readonly port?: number;
  /** Whose password it asks for. Default: it asks for none. */
  readonly account?: { readonly user: string; readonly password: string };
  /** Takes each message at once, and says so only when this has resolved. */
  readonly beforeReply?: () => Promise<void>;
}

/** A real mail server that takes everything, except for recipients that it refuses. */
export async function startMailServer(options: MailServerOptions = {}): Promise<MailServer> {
  const mails: MailServer['mails'] = [];
  const { account } = options;
  const server = new SMTPServer({
    authOptional: account === undefined,
    allowInsecureAuth: true,
    onAuth: ({ password, username: user }, _session, done) =>
      user === account?.user && password === account?.password
        ? done(null, { user })
        : done(new Error('Invalid username or password')),
    // Clients keep their connections; a stop does not wait for them.
    closeTimeout: 100,
    disabledCommands: ['STARTTLS'],
    onRcptTo: ({ address }, _session, done) =>
      done(
        options.refusing === true || options.refusing === address
          ? new Error(`nobody here: <${address}>`)
          : undefined,
      ),
    onData(stream, { envelope }, done) {
      const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
      const to = envelope.rcptTo.map(({ address }) => address);
      text(stream)
        .then((content) => {
          mails.push({ from, to, text: content });
          return options.beforeReply?.();
        })
        .then(() => done(), done);
    },
  });
  // A client that goes away ends its connection, not the server.
  server.on('error', () => undefined);
  const listening = server.listen(options.port ?? 0, '127.0.0.1');
  await once(listening, 'listening');
  const address = listening.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return {
    url: `smtp://127.0.0.1:${address.port}`,
    mails,
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** Greets, and then continues its first reply for as long as anybody listens. */
export async function startEndlessServer() {
  const connected = Promise.withResolvers<void>();
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    socket.write('220 ready\r\n');
    socket.once('data', () => {
      connected.resolve();
      const timer = setInterval(() => socket.write('250-and more\r\n'), 20);
      socket.once('close', () => clearInterval(timer));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return {
    url: `smtp://127.0.0.1:${address.port}`,
    connected: connected.promise,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      const closed = once(server, 'close');
      server.close();
      await closed;
    },
  };
}
