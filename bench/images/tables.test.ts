import { expect, it } from 'vitest';
import { imageTables } from './tables.ts';

it('the tables of images have ours beside the conventional one', () => {
  const text = imageTables({
    sizes: {
      gateway: size(100, 10),
      auth: size(101, 11),
      chat: size(102, 12),
      video: size(103, 13),
      storage: size(104, 14),
    },
    conventional: size(200, 80),
    rebuilds: { ours: [3, 1, 2], conventional: [9, 8, 7] },
    machine: 'a machine',
  });
  expect(text).toContain('Medians of 3 rebuilds on a machine.');
  expect(text).toContain('| ours | 2 s | 100 MB | 10 MB |');
  expect(text).toContain('| conventional | 8 s | 200 MB | 80 MB |');
  expect(text).toContain('| conventional ÷ ours | 4 × | 2 × | 8 × |');
  expect(text).toContain('| storage | 104 MB | 14 MB |');
});

const size = (all: number, own: number) => ({ all: all * 1e6, own: own * 1e6 });
