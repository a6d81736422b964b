import { addressSubject } from '@secureconnect/service';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

describe('addressSubject', () => {
  it.each([
    ['203.0.113.9', 'address:203.0.113.9'],
    ['::ffff:203.0.113.9', 'address:203.0.113.9'],
    ['::FFFF:203.0.113.9', 'address:203.0.113.9'],
    ['2001:db8::1', 'address:2001:db8:0:0::/64'],
    ['2001:DB8:0:0:ffff:1:2:3', 'address:2001:db8:0:0::/64'],
    ['2001:0db8:0001::', 'address:2001:db8:1:0::/64'],
    ['fe80::1%eth0', 'address:fe80:0:0:0::/64'],
    ['::1', 'address:0:0:0:0::/64'],
    ['::', 'address:0:0:0:0::/64'],
    ['64:ff9b::192.0.2.33', 'address:64:ff9b:0:0::/64'],
    ['1:2:3:4:5:6:192.0.2.33', 'address:1:2:3:4::/64'],
    ['unknown', 'address:unknown'],
  ])('%s counts as %s', (address, subject) => {
    expect(addressSubject(address)).toBe(subject);
  });

  it('is one for a network of 64 bits, however its addresses are written', () => {
    const group = fc.integer({ min: 0, max: 0xffff }).map((value) => value.toString(16));
    const part = fc.array(group, { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(part, part, part, (network, host, other) => {
        const full = [...network, ...host].map((each) => each.padStart(4, '0')).join(':');
        // How Node and Express write addresses: shortened.
        const short = new URL(`http://[${[...network, ...other].join(':')}]`).hostname;
        expect(addressSubject(full)).toBe(addressSubject(short.slice(1, -1)));
        expect(addressSubject(full)).toBe(`address:${network.join(':')}::/64`);
      }),
    );
  });
});
