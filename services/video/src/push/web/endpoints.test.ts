import { createECDH } from 'node:crypto';
import { expect, it } from 'vitest';
import { isAllowedEndpoint, isPublicKey } from './endpoints.ts';

const hosts = ['push.example.com', '*.push.example.org', '127.0.0.1:8443'];

it.each([
  'https://push.example.com/a',
  'https://PUSH.example.com/a',
  'https://push.example.com:443/a',
  'https://web.push.example.org/a?b=c',
  'https://a.b.push.example.org/a',
  'https://127.0.0.1:8443/a',
])('the endpoint %s is allowed', (endpoint) => {
  expect(isAllowedEndpoint(endpoint, hosts)).toBe(true);
});

it.each([
  'http://push.example.com/a',
  'https://push.example.com:8443/a',
  'https://push.example.org/a',
  'https://evilpush.example.org/a',
  'https://evil.example/push.example.com',
  'https://push.example.com@evil.example/a',
  'https://user:password@push.example.com/a',
  'https://push.example.com.evil.example/a',
  'https://127.0.0.1/a',
  'https://127.1:8443.evil.example/',
  'https://169.254.169.254/latest/meta-data',
  'https://[::1]/a',
  'https://localhost/a',
  'file:///etc/passwd',
  'push.example.com',
  '',
])('the endpoint %s is refused', (endpoint) => {
  expect(isAllowedEndpoint(endpoint, hosts)).toBe(false);
});

it('a key is a point of P-256, and no other bytes', () => {
  const pair = createECDH('prime256v1');
  pair.generateKeys();
  const point = pair.getPublicKey();
  expect(isPublicKey(point.toString('base64url'))).toBe(true);
  const offCurve = Buffer.from(point);
  offCurve.writeUInt8(offCurve.readUInt8(64) ^ 1, 64);
  const ofNoCurve = Buffer.concat([Buffer.of(4), Buffer.alloc(64)]);
  const withoutForm = Buffer.concat([Buffer.of(9), point.subarray(1)]);
  for (const bytes of [offCurve, ofNoCurve, withoutForm, Buffer.alloc(65)]) {
    expect(isPublicKey(bytes.toString('base64url'))).toBe(false);
  }
});
