import { expect, it } from 'vitest';
import { exampleHost } from './example-host.ts';

it.each([
  ['S3_ENDPOINT', 'https://s3.example.com:9000/bucket', 's3.example.com'],
  ['DATABASE_URL', 'postgresql://me:p%40ss@db.example.org:5432/mine', 'db.example.org'],
  ['CORS_ORIGINS', 'https://app.acme.io, https://app.example.net', 'app.example.net'],
  ['TURN_URLS', 'turn:turn.example.com:3478?transport=tcp', 'turn.example.com'],
  ['CASSANDRA_CONTACT_POINTS', 'cassandra-0.internal:9042,c1.example:9042', 'c1.example'],
  ['REDIS_NAT_MAP', '10.0.0.1:6379=redis.example.com:7001', 'redis.example.com'],
  ['PASSKEY_RP_ID', 'Example.com', 'Example.com'],
  ['OIDC_PROVIDERS', '[{"id":"acme","issuer":"https://acme.example/"}]', 'acme.example'],
])('%s=%s names %3$s', (name, value, host) => {
  expect(exampleHost(name, value)).toBe(host);
});

it.each([
  ['MAIL_FROM', 'SecureConnect <no-reply@example.com>'],
  ['VAPID_SUBJECT', 'https://example.com/contact'],
  ['ADMINISTRATOR', 'mailto:operator@example.com'],
  ['SMTP_PASSWORD', 'a,b.example'],
  ['APNS_TOPIC', 'com.example.app'],
  ['CORS_ORIGINS', 'https://notexample.com,https://example.com.acme.io'],
  ['SMTP_URL', 'smtps://robot@example.com:secret@mail.acme.io'],
  ['S3_ENDPOINT', 'https://['],
])('%s=%s names none', (name, value) => {
  expect(exampleHost(name, value)).toBeUndefined();
});
