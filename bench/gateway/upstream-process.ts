/** `node upstream-process.ts`: the service behind the gateways, which does nothing but reply. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { endWithParent, tellParent } from '../support/child.ts';

endWithParent();
const reply = JSON.stringify({ success: true, data: { text: 'x'.repeat(200) } });
const server = createServer((request, response) => {
  request.resume().once('end', () => {
    response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' }).end(reply);
  });
});
// Longer than any subject keeps a connection.
server.keepAliveTimeout = 120_000;
new WebSocketServer({ server });
server.listen(0, '127.0.0.1');
await once(server, 'listening');
tellParent({ kind: 'listening', port: (server.address() as AddressInfo).port });
