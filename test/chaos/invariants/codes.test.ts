import { expect, it } from 'vitest';
import { codes } from './codes.ts';
import { madeUp, operation } from './made-up.ts';

const sent = (factorCode: string, status: number) =>
  operation({ name: 'finish login', status, facts: { factorCode } });

it('takes a code that was accepted once, refused, or not answered', () => {
  const operations = [
    ...[
      sent('ada 100001', 200),
      sent('ada 100001', 401),
      sent('ada 100001', 503),
      sent('bob abcd-efgh', 200),
    ],
    ...[sent('ada 100002', 0), sent('ada 100002', 401), operation({ name: 'login' })],
  ];
  expect(codes.judge(madeUp({ operations }))).toEqual({
    broken: [],
    judged: 2,
    seen: '3 codes sent 6 times, 2 accepted, 1 of them of an app',
  });
});

it('finds a code that was accepted twice, at any distance', () => {
  const operations = [sent('ada 100001', 200), sent('ada 100002', 200), sent('ada 100001', 200)];
  expect(codes.judge(madeUp({ operations })).broken).toEqual([
    expect.stringContaining('accepted 2 times'),
  ]);
});
