import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import type { TlsMaterial } from '@secureconnect/degraded-mode/ioredis';
import { ConfigError } from '@secureconnect/service';

export interface TlsVariables {
  readonly REDIS_TLS_CA: string | undefined;
  readonly REDIS_TLS_CERT: string | undefined;
  readonly REDIS_TLS_KEY: string | undefined;
}

/**
 * Reads the PEM files that the variables name; undefined if there are none. Throws ConfigError if a
 * file cannot be read, is invalid, or does not match the other one.
 */
export function readTlsFiles(variables: TlsVariables): TlsMaterial | undefined {
  const { REDIS_TLS_CA: ca, REDIS_TLS_CERT: cert, REDIS_TLS_KEY: key } = variables;
  if (cert !== undefined && key === undefined) throw alone('REDIS_TLS_CERT', 'REDIS_TLS_KEY');
  if (key !== undefined && cert === undefined) throw alone('REDIS_TLS_KEY', 'REDIS_TLS_CERT');
  if (ca === undefined && cert === undefined) return undefined;
  const material: TlsMaterial = {
    ...(ca === undefined ? {} : { ca: pem('REDIS_TLS_CA', ca, 'CERTIFICATE') }),
    ...(cert === undefined ? {} : { cert: pem('REDIS_TLS_CERT', cert, 'CERTIFICATE') }),
    ...(key === undefined ? {} : { key: pem('REDIS_TLS_KEY', key, 'PRIVATE KEY') }),
  };
  try {
    createSecureContext(material);
  } catch (error) {
    // OpenSSL's message, which contains nothing from the files.
    throw new ConfigError(
      `REDIS_TLS_CA, REDIS_TLS_CERT and REDIS_TLS_KEY cannot be used together: ${reasonOf(error)}.`,
    );
  }
  return material;
}

function alone(is: string, isNot: string): ConfigError {
  return new ConfigError(`${is} is set; ${isNot} must be set with it.`);
}

function pem(variable: string, path: string, label: string): string {
  const content = read(variable, path);
  if (new RegExp(`-----BEGIN ([A-Z]+ )?${label}-----`).test(content)) return content;
  throw new ConfigError(`${variable} names ${path}, which holds no PEM "${label}".`);
}

function read(variable: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new ConfigError(`${variable} names ${path}, which cannot be read: ${reasonOf(error)}.`);
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
}
