import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type Express } from 'express';
import type { Redis } from 'ioredis';
import type { Subject } from './subject.ts';

/** An Express server over a client; `mount` adds its route. */
export function expressSubject(client: Redis, mount: (app: Express) => void): Subject {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  mount(app);
  return {
    async listen() {
      if (client.status !== 'ready') await once(client, 'ready');
      const server = createServer(app);
      // As the service framework has it, so that no idle connection ends under a request.
      server.keepAliveTimeout = 65_000;
      server.listen(0);
      await once(server, 'listening');
      return (server.address() as AddressInfo).port;
    },
  };
}
