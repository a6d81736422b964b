#!/usr/bin/env bash
# nodemailer 10.6.0: where a mail server accepts fewer connections than `maxConnections` of a pool and
# greets those beyond with 421 (RFC 5321, 4.2.2: service not available), the pool fails the mail that
# opened the connection, although an open connection of the same pool sends the next mail a moment later.
# A connection that the server closes without the 421 costs nothing: that mail goes back into the queue,
# up to `maxRequeues` times.
# Needs Node 20 with npm. The server is smtp-server, with its `maxClients`.
set -euo pipefail

mailer_version=10.6.0
server_version=3.21.6
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

cd "$folder"
npm install --silent --no-save --prefix "$folder" "nodemailer@$mailer_version" \
  "smtp-server@$server_version" >/dev/null
echo "nodemailer $mailer_version, smtp-server $server_version"

cat >"$folder/send.mjs" <<'SCRIPT'
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { createTransport } from 'nodemailer';
import { SMTPServer } from 'smtp-server';

/** A mail server for one connection at a time, which greets others with 421. */
async function startMailServer() {
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    maxClients: 1,
    onData(stream, session, done) {
      stream.resume().once('end', () => done());
    },
  });
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  return { port: server.server.address().port, close: () => server.close() };
}

/** A mail server as above behind a door that closes other connections without a greeting. */
async function startClosingServer() {
  const inner = await startMailServer();
  let isTaken = false;
  const door = createServer((socket) => {
    socket.on('error', () => undefined);
    if (isTaken) return socket.end();
    isTaken = true;
    const behind = connect(inner.port, '127.0.0.1').on('error', () => undefined);
    return socket.pipe(behind).pipe(socket);
  });
  door.listen(0, '127.0.0.1');
  await once(door, 'listening');
  const close = () => {
    door.close();
    inner.close();
  };
  return { port: door.address().port, close };
}

/** What becomes of two mails that are sent at once by a pool, and of a third one after them. */
async function send(start, maxConnections) {
  const server = await start();
  const pool = createTransport({ pool: true, host: '127.0.0.1', port: server.port, maxConnections });
  const mail = () =>
    pool.sendMail({ from: 'a@example.org', to: 'b@example.org', subject: 'Hello', text: 'Hello' }).then(
      () => 'sent',
      ({ code, responseCode }) => `${code} ${responseCode}`,
    );
  const outcomes = await Promise.all([mail(), mail()]);
  outcomes.push(await mail());
  pool.close();
  server.close();
  return outcomes.join(', ');
}

const seen = {
  'at most one connection': await send(startMailServer, 1),
  'the second is greeted with 421': await send(startMailServer, 2),
  'the second is closed': await send(startClosingServer, 2),
};
console.log(JSON.stringify(seen, null, 1));
const all = 'sent, sent, sent';
const known = [all, 'sent, EPROTOCOL 421, sent', all];
process.exit(JSON.stringify(Object.values(seen)) === JSON.stringify(known) ? 0 : 1);
SCRIPT
node "$folder/send.mjs"
