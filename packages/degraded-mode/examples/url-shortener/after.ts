import { randomUUID } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { definePorts, failClosed, failOpen } from '@secureconnect/degraded-mode';
import { degradedErrors, degradedRoutes } from '@secureconnect/degraded-mode/express';
import { declaredSession, sessionPort } from '@secureconnect/degraded-mode/express-session';
import { connect } from '@secureconnect/degraded-mode/node-redis';
import { RedisStore } from 'connect-redis';
import express from 'express';
import session from 'express-session';

declare module 'express-session' {
  interface SessionData {
    user?: string;
  }
}

const { redis, mode } = await connect(process.env['REDIS_URL'], { service: 'links' });

const sql = new DatabaseSync(process.env['DATABASE'] ?? ':memory:');
sql.exec('CREATE TABLE IF NOT EXISTS links (code TEXT PRIMARY KEY, url TEXT, owner TEXT)');
const insert = sql.prepare('INSERT INTO links (code, url, owner) VALUES (?, ?, ?)');
const select = sql.prepare('SELECT url FROM links WHERE code = ?');

async function savedUrl(code: string): Promise<string | undefined> {
  const url = select.get(code)?.['url'];
  return typeof url === 'string' ? url : undefined;
}

async function cachedUrl(code: string): Promise<string | undefined> {
  const cached = await redis.get(`link:${code}`);
  if (cached !== null) return cached;
  const url = await savedUrl(code);
  if (url !== undefined) await redis.set(`link:${code}`, url, { EX: 3600 });
  return url;
}

const app = express();
app.use(express.json());

const ports = definePorts({
  links: { redis: { find: cachedUrl }, durable: { find: savedUrl } },
  sessions: sessionPort(new RedisStore({ client: redis })).port,
});
const route = degradedRoutes(app, mode, ports);
const closed = { sessions: failClosed({ retryAfterSeconds: 5 }) };
const manage = { route: 'sessions', operation: 'managing links', whenRedisDown: closed };
const open = { links: failOpen.durable() };
const redirect = { route: 'GET /:code', operation: 'redirecting', whenRedisDown: open };

const secret = process.env['SECRET'] ?? 'development';
const options = { secret, resave: false, saveUninitialized: false };
app.use('/links', route.declared(manage, declaredSession(session, options)));

app.post('/links/sign-in/:user', (request, response) => {
  request.session.user = request.params.user;
  response.json({ user: request.params.user });
});

app.post('/links', (request, response) => {
  const { user } = request.session;
  if (user === undefined) {
    response.status(401).json({ error: 'sign in first' });
    return;
  }
  const code = randomUUID().slice(0, 8);
  insert.run(code, String(request.body.url), user);
  response.status(201).json({ code });
});

app.get(
  '/:code',
  route.declared(redirect, async ({ params, ports }, response) => {
    const url = await ports.links.find(String(params['code']));
    if (url === undefined) response.status(404).json({ error: 'there is no such link' });
    else response.redirect(url);
  }),
);

app.use(degradedErrors).listen(Number(process.env['PORT'] ?? 3000));
