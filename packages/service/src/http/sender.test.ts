import { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { expect, it } from 'vitest';
import { senderOf } from './sender.ts';

const given = {
  host: 'inside.example',
  'x-forwarded-for': '203.0.113.7',
  'x-forwarded-proto': 'HTTPS, http',
  'x-forwarded-host': 'app.example , inside.example',
};

it('is what a trusted proxy says, the first of several values', () => {
  expect(senderOf({ socket: new Socket(), headers: given }, () => true)).toMatchObject({
    protocol: 'https',
    host: 'app.example',
  });
});

it('is what the connection says if the peer is not trusted, or says nothing', () => {
  const socket = new Socket();
  const own = { protocol: 'http', host: 'inside.example' };
  expect(senderOf({ socket, headers: given }, () => false)).toMatchObject(own);
  expect(senderOf({ socket, headers: { host: own.host } }, () => true)).toMatchObject(own);
  const secure = senderOf({ socket: new TLSSocket(socket), headers: {} }, () => true);
  expect(secure).toMatchObject({ protocol: 'https', host: undefined });
});

it('never has a protocol that a client has written', () => {
  const headers = { 'x-forwarded-proto': 'javascript' };
  expect(senderOf({ socket: new Socket(), headers }, () => true).protocol).toBe('http');
});
