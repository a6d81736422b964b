import { expect, it } from 'vitest';
import { DegradedNews } from './degraded-news.ts';

it('keeps the latest replies, and tells of each', () => {
  const news = new DegradedNews();
  let told = 0;
  news.addEventListener('degraded', () => (told += 1));
  for (let n = 1; n <= 150; n += 1) news.tell(['presence'], `GET /v1/${n}`, n);
  expect(told).toBe(150);
  expect(news.replies).toHaveLength(100);
  expect(news.replies[0]).toEqual({ ports: ['presence'], route: 'GET /v1/51', atMs: 51 });
  expect(news.replies.at(-1)?.route).toBe('GET /v1/150');
});

it('tells of refusals, by their route', () => {
  const news = new DegradedNews();
  const refused: (string | undefined)[] = [];
  news.addEventListener('refused', () => refused.push(news.refused));
  news.tellRefusal('POST /v1/auth/logout');
  expect([refused, news.replies]).toEqual([['POST /v1/auth/logout'], []]);
});
