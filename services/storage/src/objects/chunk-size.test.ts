import { describe, expect, it } from 'vitest';
import { ChunkSize } from './chunk-size.ts';

const kibibyte = 1024;

describe('the size of chunks', () => {
  it('is large for few transfers, and keeps the memory of many within the shared bytes', () => {
    const size = new ChunkSize();
    expect(size.bytes).toBe(256 * kibibyte);
    for (let transfers = 1; transfers <= 256; transfers += 1) {
      size.begin();
      expect(size.bytes * transfers).toBeLessThanOrEqual(16 * kibibyte * kibibyte);
    }
    expect(size.bytes).toBe(64 * kibibyte);
  });

  it('is never smaller than 64 KiB, and grows again when transfers end', () => {
    const size = new ChunkSize();
    const transfers = Array.from({ length: 5000 }, () => size.begin());
    expect(size.bytes).toBe(64 * kibibyte);
    for (const transfer of transfers) transfer[Symbol.dispose]();
    expect(size.bytes).toBe(256 * kibibyte);
  });
});
