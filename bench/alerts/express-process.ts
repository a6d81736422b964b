/**
 * `node express-process.ts VARIABLES`: the least that takes a webhook and makes one request an active
 * alert. Express reads the JSON, and one INSERT … ON CONFLICT decides; that is all. It asks for no
 * token, judges no shape, counts no storms, reserves nothing and measures nothing.
 */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AlertmanagerWebhook } from '@secureconnect/contracts';
import { openDatabase } from '@secureconnect/postgres';
import express from 'express';
import { signalOfAlert } from '../../services/gateway/src/signals/from-alert.ts';
import { endWithParent, tellParent } from '../support/child.ts';
import { upsert } from './upsert.ts';

endWithParent();
const { DATABASE_URL: url } = JSON.parse(process.argv[2] ?? '');
// As many connections as one gateway has.
const database = openDatabase({ url, maxConnections: 8 });

const take = (original: unknown) =>
  upsert(database, signalOfAlert(Object(original), {}, original), randomUUID());

const app = express();
app.disable('x-powered-by');
app.disable('etag');
app.use(express.json({ limit: '100kb' }));
app.post('/api/v1/signals/prometheus', async (request, reply) => {
  const { alerts }: AlertmanagerWebhook = request.body;
  const [first] = await Promise.all(alerts.map(take));
  reply.status(first?.status === 'created' ? 201 : 202).json(first);
});

const server = createServer(app);
server.keepAliveTimeout = 65_000; // as a gateway's
server.listen(0, '127.0.0.1');
await once(server, 'listening');
tellParent({ kind: 'listening', port: (server.address() as AddressInfo).port });
