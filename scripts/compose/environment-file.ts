import { randomBytes } from 'node:crypto';

/** What docker-compose.yml cannot do without and nobody but the operator may know. */
const composeSecrets = [
  'JWT_SECRET',
  'SIGNALS_TOKEN',
  'POSTGRES_PASSWORD',
  'REDIS_PASSWORD',
  'MINIO_ROOT_PASSWORD',
  'S3_SECRET_KEY',
  'TURN_PASSWORD',
  'GRAFANA_ADMIN_PASSWORD',
] as const;

/** More than any of them asks for; letters and digits alone, as some stand in URLs. */
const secretBytes = 32;

/** The text of an `.env` for docker-compose.yml, with fresh secrets. */
export function environmentFile(): string {
  const secrets = composeSecrets.map(
    (name) => `${name}=${randomBytes(secretBytes).toString('hex')}`,
  );
  return [
    '# Made by `npm run compose:env`; the secrets are of this installation alone.',
    '# .env.production.example says what each means, and what else may stand here.',
    'COMPOSE_PROJECT_NAME=secureconnect',
    ...secrets,
    '# Your mail server. Until it is one, password resets are not mailed.',
    'SMTP_URL=smtp://localhost:25',
    '',
  ].join('\n');
}
