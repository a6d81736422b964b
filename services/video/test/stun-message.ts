import { createHash, createHmac, randomBytes } from 'node:crypto';
import { isIPv4, isIPv6 } from 'node:net';

/** The types of messages and attributes of STUN (RFC 8489) and TURN (RFC 8656) that tests use. */
export const types = { allocate: 0x0003, createPermission: 0x0008, send: 0x0016, data: 0x0017 };
export const attributes = {
  username: 0x0006,
  integrity: 0x0008,
  errorCode: 0x0009,
  peer: 0x0012,
  data: 0x0013,
  realm: 0x0014,
  nonce: 0x0015,
  relayed: 0x0016,
  addressFamily: 0x0017,
  transport: 0x0019,
} as const;

const cookie = 0x2112a442;
const headerBytes = 20;
const integrityBytes = 24;

/** A value may depend on the transaction id of its message. */
export type Attribute = readonly [type: number, value: Buffer | ((transaction: Buffer) => Buffer)];

export interface StunMessage {
  readonly type: number;
  readonly transaction: string;
  readonly attributes: ReadonlyMap<number, Buffer>;
}

export interface LongTermCredential {
  readonly username: string;
  readonly password: string;
  readonly realm: string;
  readonly nonce: string;
}

/** Encodes a message with a new transaction id, signed if there is a credential. */
export function encode(
  type: number,
  content: readonly Attribute[],
  credential?: LongTermCredential,
): { readonly bytes: Buffer; readonly transaction: string } {
  const transaction = randomBytes(12);
  const signed: Attribute[] = [...content];
  if (credential !== undefined) {
    signed.push([attributes.username, Buffer.from(credential.username)]);
    signed.push([attributes.realm, Buffer.from(credential.realm)]);
    signed.push([attributes.nonce, Buffer.from(credential.nonce)]);
  }
  const body = Buffer.concat(signed.map((one) => encodeAttribute(one, transaction)));
  const length = body.length + (credential === undefined ? 0 : integrityBytes);
  const unsigned = Buffer.concat([header(type, length, transaction), body]);
  const bytes =
    credential === undefined
      ? unsigned
      : Buffer.concat([
          unsigned,
          encodeAttribute([attributes.integrity, integrity(unsigned, credential)], transaction),
        ]);
  return { bytes, transaction: transaction.toString('hex') };
}

export function decode(bytes: Buffer): StunMessage {
  const found = new Map<number, Buffer>();
  let at = headerBytes;
  while (at + 4 <= bytes.length) {
    const length = bytes.readUInt16BE(at + 2);
    found.set(bytes.readUInt16BE(at), bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length + padding(length);
  }
  const transaction = bytes.subarray(8, headerBytes).toString('hex');
  return { type: bytes.readUInt16BE(0), transaction, attributes: found };
}

/** The families of addresses (RFC 8489, 14.1; RFC 8656, 18.6). */
export const families = { ipv4: 1, ipv6: 2 } as const;

/** An XOR-…-ADDRESS (RFC 8489, 14.2). */
export function encodeAddress(ip: string, port: number): (transaction: Buffer) => Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt8(isIPv4(ip) ? families.ipv4 : families.ipv6, 1);
  head.writeUInt16BE(port ^ (cookie >>> 16), 2);
  const address = addressBytes(ip);
  return (transaction) => {
    const mask = Buffer.alloc(4 + transaction.length);
    mask.writeUInt32BE(cookie);
    transaction.copy(mask, 4);
    return Buffer.concat([head, address.map((byte, index) => byte ^ (mask[index] ?? 0))]);
  };
}

function addressBytes(ip: string): Buffer {
  if (isIPv4(ip)) return Buffer.from(ip.split('.').map(Number));
  if (!isIPv6(ip)) throw new Error(`${ip} is no IP address`);
  // Without an IPv4 address at its end.
  const text = new URL(`http://[${ip}]`).hostname.slice(1, -1);
  const [start = [], end = []] = text
    .split('::')
    .map((half) => half.split(':').filter((group) => group !== ''));
  const groups = [...start, ...Array(8 - start.length - end.length).fill('0'), ...end];
  return Buffer.from(groups.map((group) => group.padStart(4, '0')).join(''), 'hex');
}

export function decodeAddress(bytes: Buffer): { readonly ip: string; readonly port: number } {
  const number = Buffer.alloc(4);
  number.writeUInt32BE((bytes.readUInt32BE(4) ^ cookie) >>> 0);
  return { ip: [...number].join('.'), port: bytes.readUInt16BE(2) ^ (cookie >>> 16) };
}

function header(type: number, length: number, transaction: Buffer): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt16BE(type, 0);
  bytes.writeUInt16BE(length, 2);
  bytes.writeUInt32BE(cookie, 4);
  return Buffer.concat([bytes, transaction]);
}

function encodeAttribute([type, given]: Attribute, transaction: Buffer): Buffer {
  const value = typeof given === 'function' ? given(transaction) : given;
  const head = Buffer.alloc(4);
  head.writeUInt16BE(type, 0);
  head.writeUInt16BE(value.length, 2);
  return Buffer.concat([head, value, Buffer.alloc(padding(value.length))]);
}

const padding = (length: number): number => (4 - (length % 4)) % 4;

/** RFC 8489, 9.2.2: the key of long-term credentials is an MD5. */
function integrity(bytes: Buffer, { username, realm, password }: LongTermCredential): Buffer {
  const key = createHash('md5').update(`${username}:${realm}:${password}`).digest();
  return createHmac('sha1', key).update(bytes).digest();
}
