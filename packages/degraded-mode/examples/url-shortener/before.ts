import { randomUUID } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { RedisStore } from 'connect-redis';
import express from 'express';
import session from 'express-session';
import { createClient } from 'redis';

declare module 'express-session' {
  interface SessionData {
    user?: string;
  }
}

const redis = createClient({ url: process.env['REDIS_URL'] ?? 'redis://localhost:6379' });
await redis.connect();

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

const secret = process.env['SECRET'] ?? 'development';
const options = { secret, resave: false, saveUninitialized: false };
app.use('/links', session({ ...options, store: new RedisStore({ client: redis }) }));

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

app.get('/:code', async ({ params }, response) => {
  const url = await cachedUrl(params.code);
  if (url === undefined) response.status(404).json({ error: 'there is no such link' });
  else response.redirect(url);
});

app.listen(Number(process.env['PORT'] ?? 3000));
