import { randomBytes } from 'node:crypto';

/** The secrets that docker-compose.yml needs. */
const composeSecrets = [
  'JWT_SECRET',
  'FACTOR_SECRET',
  'SIGNALS_TOKEN',
  'POSTGRES_PASSWORD',
  'REDIS_PASSWORD',
  'MINIO_ROOT_PASSWORD',
  'S3_SECRET_KEY',
  'TURN_SECRET',
  'GRAFANA_ADMIN_PASSWORD',
] as const;

/** Longer than any of them needs; only letters and digits, because some are part of URLs. */
const secretBytes = 32;

/** The text of an `.env` for docker-compose.yml, with new secrets. */
export function environmentFile(): string {
  const secrets = composeSecrets.map(
    (name) => `${name}=${randomBytes(secretBytes).toString('hex')}`,
  );
  return [
    '# Created by `npm run compose:env`; the secrets belong to this installation alone.',
    '# .env.production.example explains each variable, and lists the others.',
    'COMPOSE_PROJECT_NAME=secureconnect',
    ...secrets,
    '# Your mail server. Without it, password resets are not mailed.',
    'SMTP_URL=smtp://localhost:25',
    '',
  ].join('\n');
}
