import { expect, it } from 'vitest';
import { wideTrust } from '../src/wide-trust.ts';

it('whole private networks are too wide to trust, the addresses of a proxy are not', () => {
  const wide = ['uniquelocal', 'linklocal', '10.0.0.0/8', '0.0.0.0/1', 'fc00::/7', '2000::/3'];
  const narrow = ['loopback', '10.213.250.2', '10.1.0.0/16', '35.191.0.0/16', '::1', 'fd00:1::/64'];
  expect(wideTrust([...wide, ...narrow])).toEqual(wide);
  expect(wideTrust([])).toEqual([]);
});
