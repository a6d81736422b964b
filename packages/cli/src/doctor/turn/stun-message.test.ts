import { describe, expect, it } from 'vitest';
import { attributes, readReply, stunRequest, types, xorAddress } from './stun-message.ts';

describe('a message of STUN', () => {
  it('carries an address as in RFC 5769, 2.2', () => {
    // 192.0.2.1 port 32853.
    expect(xorAddress('192.0.2.1', 32_853).toString('hex')).toBe('0001a147e112a643');
  });

  it('pads values to four bytes, without counting the padding', () => {
    const { bytes } = stunRequest(types.allocate, [[attributes.username, Buffer.from('abcde')]]);
    expect(bytes.readUInt16BE(2)).toBe(12);
    expect(bytes.subarray(20).toString('hex')).toBe('000600056162636465000000');
  });

  it('reads the error of a reply', () => {
    const { bytes, transaction } = stunRequest(types.allocate, [
      [attributes.errorCode, Buffer.from([0, 0, 4, 86])],
    ]);
    bytes.writeUInt16BE(types.allocate | 0x0110, 0);
    const reply = readReply(bytes, types.allocate);
    expect(reply).toMatchObject({ transaction, isSuccess: false, errorCode: 486 });
  });

  it.each([
    ['too short', Buffer.alloc(8)],
    ['a different protocol', Buffer.alloc(20)],
    [
      'cut off',
      stunRequest(types.refresh, [[attributes.realm, Buffer.from('r')]]).bytes.subarray(0, 22),
    ],
  ])('is none if it is %s', (_what, bytes) => {
    expect(readReply(bytes, types.refresh)).toBeUndefined();
  });
});
