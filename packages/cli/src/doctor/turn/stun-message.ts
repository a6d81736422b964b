import { createHmac, randomBytes } from 'node:crypto';

/** Types of messages (RFC 8489, RFC 8656): method and class. */
export const types = {
  allocate: 0x0003,
  refresh: 0x0004,
  createPermission: 0x0008,
} as const;
export type MessageType = (typeof types)[keyof typeof types];

const successBit = 0x0100;
const errorBit = 0x0110;
const magicCookie = 0x2112a442;
const headerBytes = 20;
const integrityBytes = 24;

/** Attributes that the doctor sends or reads. */
export const attributes = {
  username: 0x0006,
  messageIntegrity: 0x0008,
  errorCode: 0x0009,
  lifetime: 0x000d,
  xorPeerAddress: 0x0012,
  realm: 0x0014,
  nonce: 0x0015,
  requestedTransport: 0x0019,
} as const;

type Attribute = readonly [type: number, value: Buffer];

/** A reply: whether it is a success, or else its error. */
export interface StunReply {
  readonly transaction: string;
  readonly isSuccess: boolean;
  /** 0 for a success. */
  readonly errorCode: number;
  readonly attribute: (type: number) => Buffer | undefined;
}

export interface StunRequest {
  /** In hexadecimal; the reply has the same. */
  readonly transaction: string;
  readonly bytes: Buffer;
}

/** A request; with a key, its last attribute is MESSAGE-INTEGRITY (RFC 8489, 14.5). */
export function stunRequest(
  type: MessageType,
  values: readonly Attribute[],
  key?: Buffer,
): StunRequest {
  const transaction = randomBytes(12);
  const body = Buffer.concat(values.map(encoded));
  // The length counts the integrity that follows, which is computed over this header.
  const length = body.length + (key === undefined ? 0 : integrityBytes);
  const message = Buffer.concat([header(type, length, transaction), body]);
  const bytes = key === undefined ? message : Buffer.concat([message, integrity(message, key)]);
  return { transaction: transaction.toString('hex'), bytes };
}

function header(type: MessageType, length: number, transaction: Buffer): Buffer {
  const bytes = Buffer.alloc(headerBytes);
  bytes.writeUInt16BE(type, 0);
  bytes.writeUInt16BE(length, 2);
  bytes.writeUInt32BE(magicCookie, 4);
  transaction.copy(bytes, 8);
  return bytes;
}

function integrity(message: Buffer, key: Buffer): Buffer {
  const digest = createHmac('sha1', key).update(message).digest();
  return encoded([attributes.messageIntegrity, digest]);
}

/** Padded to four bytes; the length does not count the padding. */
function encoded([type, value]: Attribute): Buffer {
  const bytes = Buffer.alloc(4 + padded(value.length));
  bytes.writeUInt16BE(type, 0);
  bytes.writeUInt16BE(value.length, 2);
  value.copy(bytes, 4);
  return bytes;
}

const padded = (length: number): number => Math.ceil(length / 4) * 4;

/** The length of the message that begins here; undefined if its header is not complete yet. */
export function messageLength(bytes: Buffer): number | undefined {
  return bytes.length < headerBytes ? undefined : headerBytes + bytes.readUInt16BE(2);
}

/** Reads a reply of this type; undefined if the bytes are something else. */
export function readReply(bytes: Buffer, type: MessageType): StunReply | undefined {
  const length = messageLength(bytes);
  if (length === undefined || bytes.length < length) return undefined;
  if (bytes.readUInt32BE(4) !== magicCookie) return undefined;
  const replyType = bytes.readUInt16BE(0);
  const isSuccess = replyType === (type | successBit);
  if (!isSuccess && replyType !== (type | errorBit)) return undefined;
  const found = attributesIn(bytes.subarray(headerBytes, length));
  const attribute = (wanted: number): Buffer | undefined => found.get(wanted);
  const transaction = bytes.subarray(8, headerBytes).toString('hex');
  return { transaction, isSuccess, errorCode: errorCodeIn(found), attribute };
}

function attributesIn(body: Buffer): ReadonlyMap<number, Buffer> {
  const found = new Map<number, Buffer>();
  let at = 0;
  while (at + 4 <= body.length) {
    const length = body.readUInt16BE(at + 2);
    if (at + 4 + length > body.length) break;
    // Of several attributes of a type, the first one counts (RFC 8489, 14).
    const type = body.readUInt16BE(at);
    if (!found.has(type)) found.set(type, body.subarray(at + 4, at + 4 + length));
    at += 4 + padded(length);
  }
  return found;
}

/** The hundreds are in the third byte, the rest in the fourth (RFC 8489, 14.8). */
function errorCodeIn(found: ReadonlyMap<number, Buffer>): number {
  const value = found.get(attributes.errorCode);
  if (value === undefined || value.length < 4) return 0;
  return (value.readUInt8(2) & 0x07) * 100 + value.readUInt8(3);
}

/** An IPv4 address and a port as XOR-PEER-ADDRESS (RFC 8489, 14.2). */
export function xorAddress(address: string, port: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt8(0x01, 1);
  bytes.writeUInt16BE(port ^ (magicCookie >>> 16), 2);
  const value = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  bytes.writeUInt32BE((value ^ magicCookie) >>> 0, 4);
  return bytes;
}
