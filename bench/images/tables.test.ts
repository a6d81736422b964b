import { expect, it } from 'vitest';
import { services } from './build.ts';
import { imageTables } from './tables.ts';

it('the tables of images have ours beside the conventional one', () => {
  const text = imageTables({
    sizes: new Map(services.map((service, index) => [service, size(100 + index, 10 + index)])),
    conventional: size(200, 80),
    rebuilds: new Map([
      ['ours', [3, 1, 2]],
      ['conventional', [9, 8, 7]],
    ]),
    machine: 'a machine',
  });
  expect(text).toContain('Medians of 3 rebuilds on a machine.');
  expect(text).toContain('| ours | 2 s | 100 MB | 10 MB |');
  expect(text).toContain('| conventional | 8 s | 200 MB | 80 MB |');
  expect(text).toContain('| conventional ÷ ours | 4 × | 2 × | 8 × |');
  expect(text).toContain('| storage | 104 MB | 14 MB |');
});

const size = (all: number, own: number) => ({ all: all * 1e6, own: own * 1e6 });
