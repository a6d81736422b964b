import { expect, it } from 'vitest';
import { deviceNameOf } from './device-name.ts';

it.each([
  ['Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0', 'Firefox on Linux'],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1',
    'Safari on iOS',
  ],
  ['SecureConnect-Desktop/1.2', null],
  ['curl/8.1.2', null],
  ['', null],
  [null, null],
])('%s is %s', (agent, name) => {
  expect(deviceNameOf(agent)).toBe(name);
});

it('is not slow for an agent that repeats itself', () => {
  for (const part of ['(', 'a/', ' ', '/1.', 'Mozilla/5.0 (']) {
    const startedAt = performance.now();
    deviceNameOf(part.repeat(300).slice(0, 300));
    expect(performance.now() - startedAt, part).toBeLessThan(1000);
  }
});
