import { isIP } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressSubject, canonicalAddress, forwardedAddress } from './ip-address.ts';

const group = fc.integer({ min: 0, max: 0xffff }).map((value) => value.toString(16));
const groups = (length: number) => fc.array(group, { minLength: length, maxLength: length });
const upperOrLower = (text: string) => fc.boolean().map((up) => (up ? text.toUpperCase() : text));

/** The ways in which an IPv6 address is written, without a zone or a port. */
const spellings6 = (all: readonly string[]) => {
  const url = new URL(`http://[${all.join(':')}]`).hostname.slice(1, -1);
  const longhand = all.map((each) => each.padStart(4, '0')).join(':');
  const [high = 0, low = 0] = all.slice(6).map((each) => Number.parseInt(each, 16));
  const decimals = [high >> 8, high & 255, low >> 8, low & 255].join('.');
  const mixed = [...all.slice(0, 6), decimals].join(':');
  return fc.constantFrom(url, longhand, all.join(':'), mixed).chain(upperOrLower);
};

/** What proxies put round an address. */
const wrapped = (address: string, isV6: boolean) => {
  const inBrackets = isV6 ? `[${address}]` : address;
  return fc
    .tuple(
      fc.constantFrom(address, inBrackets, `${inBrackets}:1`, `${inBrackets}:65535`),
      fc.constantFrom('', ' ', '\t'),
      fc.boolean(),
    )
    .map(([bare, space, quoted]) => `${space}${quoted ? `"${bare}"` : bare}${space}`);
};

describe('canonicalAddress', () => {
  it.each([
    ['203.0.113.9', '203.0.113.9'],
    ['::ffff:203.0.113.9', '203.0.113.9'],
    ['::FFFF:cb00:7109', '203.0.113.9'],
    ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
    ['fe80::1%eth0', 'fe80::1'],
    ['::', '::'],
    ['::192.0.2.1', '::c000:201'],
    ['::c000:201', '::c000:201'],
    // ipaddr.js would take these for 0.0.0.1, 1.2.0.3, 8.0.0.1 and 127.0.0.1.
    ['1', undefined],
    ['1.2.3', undefined],
    ['010.0.0.1', undefined],
    ['0x7f.0.0.1', undefined],
    ['unknown', undefined],
    ['', undefined],
    ['%eth0', undefined],
  ])('of "%s" is %s', (text, canonical) => {
    expect(canonicalAddress(text)).toBe(canonical);
  });
});

describe('forwardedAddress', () => {
  it.each([
    ['198.51.100.9:40001', '198.51.100.9'],
    ['[2001:db8::1]:40001', '2001:db8::1'],
    ['[2001:db8::1]', '2001:db8::1'],
    ['"[2001:db8::1%3]:443"', '2001:db8::1'],
    ['[198.51.100.9]', undefined],
    ['198.51.100.9:', undefined],
    ['198.51.100.9:port', undefined],
    ['198.51.100.9 198.51.100.10', undefined],
    ['[2001:db8::1', undefined],
    ['2001:db8::1]:40001', undefined],
    ['for=198.51.100.9', undefined],
    ['_hidden', undefined],
    ['unix:', undefined],
  ])('of "%s" is %s', (entry, address) => {
    expect(forwardedAddress(entry)).toBe(address);
  });

  it('is one for all that a proxy may write of one client', () => {
    const v4 = fc.ipV4().chain((address) => {
      const spelled = fc.constantFrom(address, `::ffff:${address}`).chain(upperOrLower);
      return spelled
        .chain((text) => wrapped(text, text.includes(':')))
        .map((entry) => ({ entry, address }));
    });
    const v6 = groups(8)
      .filter((all) => !/^(0:){5}ffff:/.test(all.join(':')))
      .chain((all) => {
        const address = canonicalAddress(all.join(':'));
        const zone = fc.constantFrom('', '%eth0', '%1');
        const spelled = fc.tuple(spellings6(all), zone).map((parts) => parts.join(''));
        return spelled.chain((text) => wrapped(text, true)).map((entry) => ({ entry, address }));
      });
    fc.assert(
      fc.property(fc.oneof(v4, v6), ({ entry, address }) => {
        expect(forwardedAddress(entry)).toBe(address);
        expect(isIP(address ?? '')).not.toBe(0);
      }),
      { numRuns: 1000 },
    );
  });

  it('is an address that Node knows, in a spelling that does not change again, or nothing', () => {
    const anything = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.ipV6(),
      fc.stringMatching(/^[\][0-9a-f.:%"x ]{0,40}$/),
    );
    fc.assert(
      fc.property(anything, (entry) => {
        const address = forwardedAddress(entry);
        if (address === undefined) return;
        expect(isIP(address)).not.toBe(0);
        expect(forwardedAddress(address)).toBe(address);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('addressSubject', () => {
  it.each([
    ['203.0.113.9', 'address:203.0.113.9'],
    ['::ffff:203.0.113.9', 'address:203.0.113.9'],
    ['2001:db8::1', 'address:2001:db8:0:0::/64'],
    ['2001:DB8:0:0:ffff:1:2:3', 'address:2001:db8:0:0::/64'],
    ['2001:0db8:0001::', 'address:2001:db8:1:0::/64'],
    ['fe80::1%eth0', 'address:fe80:0:0:0::/64'],
    ['::1', 'address:0:0:0:0::/64'],
    ['1:2:3:4:5:6:192.0.2.33', 'address:1:2:3:4::/64'],
    // IPv4 clients of a translator: all of them are in one /64, and each of 6to4 has 65,536 of them.
    ['64:ff9b::192.0.2.33', 'address:192.0.2.33'],
    ['2002:c000:221:7::1', 'address:192.0.2.33'],
    ['unknown', 'address:unknown'],
  ])('%s counts as %s', (address, subject) => {
    expect(addressSubject(address)).toBe(subject);
  });

  it('is one for a network of 64 bits, however its addresses are written', () => {
    const network = groups(4).filter(([first = '']) => !['0', '64', '2002'].includes(first));
    const spelled = fc
      .tuple(network, groups(4))
      .chain(([net, host]) => spellings6([...net, ...host]).map((text) => ({ net, text })));
    fc.assert(
      fc.property(spelled, ({ net, text }) => {
        expect(addressSubject(text)).toBe(`address:${net.join(':')}::/64`);
      }),
    );
  });
});
