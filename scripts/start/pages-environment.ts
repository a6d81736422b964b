import type { Settings } from './settings.ts';

/** By these names a person opens the gateway of this machine. */
const ownHosts = ['localhost', '127.0.0.1'];

/**
 * The variables that let the console's pages, which come from the gateway, send files to storage and
 * get them, and use passkeys. A bucket and a deployment in production have settings of their own.
 */
export function pagesEnvironment(settings: Settings): NodeJS.ProcessEnv {
  const { connectOrigins, corsOrigins, passkeys, production, s3, services } = settings;
  const portOf = (name: string) => services.find((service) => service.name === name)?.port;
  const [gateway, storage] = [portOf('gateway'), portOf('storage')];
  if (production || s3 !== undefined || gateway === undefined || storage === undefined) return {};
  const gateways = ownHosts.map((host) => `http://${host}:${gateway}`);
  return {
    CORS_ORIGINS: corsOrigins ?? gateways.join(','),
    CONSOLE_CONNECT_ORIGINS: connectOrigins ?? `http://localhost:${storage}`,
    ...(passkeys === undefined
      ? { PASSKEY_RP_ID: 'localhost', PASSKEY_ORIGINS: `http://localhost:${gateway}` }
      : {}),
  };
}
