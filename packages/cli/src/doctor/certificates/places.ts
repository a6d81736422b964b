import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Deployment } from '../deployment.ts';
import { CannotLook } from '../outcome.ts';
import { nameOf, type RedisAddress, type RedisTls, redisAddress } from '../redis/address.ts';
import type { Settings } from '../settings.ts';
import { reasonOf } from '../support/reason-of.ts';
import { readTurnUrl } from '../turn/turn-url.ts';
import {
  periodOf,
  readCertificate,
  type ShownCertificate,
  type TlsPlace,
} from './read-certificate.ts';

/** A certificate of the deployment; a text if it could not be read: why. */
export interface FoundCertificate {
  /** For people: a variable, or a host. */
  readonly where: string;
  readonly certificate: ShownCertificate | string;
}

/** Addresses of clients and services that may be https:// or wss://. */
const urlVariables = [
  'S3_ENDPOINT',
  'S3_PUBLIC_ENDPOINT',
  'STORAGE_PUBLIC_URL',
  'SFU_URL',
  'SFU_API_URL',
];
const tlsSchemes = /^(?:https|wss):$/;
const httpsPort = 443;
const postgresPort = 5432;
const maxPlaces = 24;

/** All certificates that the variables, and the gateway's URL, lead to. */
export async function findCertificates(deployment: Deployment): Promise<FoundCertificate[]> {
  const { settings } = deployment;
  const places = [
    ...urlPlaces(deployment),
    ...redisPlaces(settings),
    ...turnPlaces(settings),
    ...postgresPlaces(settings),
  ].slice(0, maxPlaces);
  const found = await Promise.all(places.map(([where, place]) => shownAt(where, place)));
  return [...found.flat(), ...ownFiles(settings), ...(await mailCertificate(deployment))];
}

type Place = readonly [where: string, place: TlsPlace];

function urlPlaces({ gatewayUrl, settings }: Deployment): Place[] {
  const urls = urlVariables.map((name) => [name, settings.get(name)] as const);
  return [['the gateway', gatewayUrl] as const, ...urls].flatMap(([where, text]) => {
    if (text === undefined || !URL.canParse(text)) return [];
    const { hostname, port, protocol } = new URL(text);
    if (!tlsSchemes.test(protocol)) return [];
    return [[`${where} (${hostname})`, { host: bare(hostname), port: Number(port) || httpsPort }]];
  });
}

function redisPlaces(settings: Settings): Place[] {
  const address = redisAddress(settings);
  if (address === undefined) return [];
  const at = (where: string, servers: readonly { host: string; port: number }[], tls?: RedisTls) =>
    tls === undefined
      ? []
      : servers.map((server): Place => [`${where} ${nameOf(server)}`, { ...server, ...tls }]);
  switch (address.kind) {
    case 'single':
      return at('Redis', [address.server], address.access.tls);
    case 'cluster':
      return at('Redis', address.nodes, address.access.tls);
    case 'sentinel':
      return at('sentinel', address.sentinels, sentinelTls(address));
  }
}

const sentinelTls = ({ sentinelAccess }: Extract<RedisAddress, { kind: 'sentinel' }>) =>
  sentinelAccess.tls;

function turnPlaces(settings: Settings): Place[] {
  const urls = settings.list('TURN_URLS').filter((url) => /^turns:/i.test(url));
  return urls.map(readTurnUrl).map(({ host, port }) => [`TURN ${host}`, { host, port }]);
}

function postgresPlaces(settings: Settings): Place[] {
  const url = settings.get('DATABASE_URL') ?? '';
  if (!URL.canParse(url)) return [];
  const { hostname, port, searchParams } = new URL(url);
  const mode = searchParams.get('sslmode') ?? (searchParams.get('ssl') === 'true' ? 'require' : '');
  if (hostname === '' || !/^(?:prefer|require|verify-ca|verify-full)$/.test(mode)) return [];
  const ca = searchParams.get('sslrootcert');
  const place = { host: bare(hostname), port: Number(port) || postgresPort, isPostgres: true };
  return [[`PostgreSQL ${hostname}`, { ...place, ...(ca === null ? {} : { ca: read(ca) }) }]];
}

const bare = (hostname: string): string => hostname.replace(/^\[(.*)\]$/, '$1');

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new CannotLook(`a certificate file cannot be read here: ${reasonOf(error)}`);
  }
}

async function shownAt(where: string, place: TlsPlace): Promise<FoundCertificate[]> {
  try {
    const certificate = await readCertificate(place);
    if (certificate === undefined) return [{ where, certificate: 'the server has no TLS' }];
    return [{ where: `the certificate of ${where}`, certificate }];
  } catch (error) {
    return [{ where, certificate: reasonOf(error) }];
  }
}

/** The client certificate for Redis. */
function ownFiles(settings: Settings): FoundCertificate[] {
  const path = settings.get('REDIS_TLS_CERT');
  if (path === undefined) return [];
  const { validFrom, validTo } = new X509Certificate(read(path));
  const period = periodOf({ valid_from: validFrom, valid_to: validTo });
  return [
    { where: 'the certificate in REDIS_TLS_CERT', certificate: { ...period, distrust: undefined } },
  ];
}

/** Read beside the greeting of the mail server, which may begin TLS by STARTTLS. */
async function mailCertificate(deployment: Deployment): Promise<FoundCertificate[]> {
  const { certificate, host } = await deployment
    .mail()
    .catch(() => ({ certificate: undefined, host: '' }));
  if (certificate === undefined) return [];
  const shown = { ...periodOf(certificate), distrust: undefined };
  return [{ where: `the certificate of the mail server ${host}`, certificate: shown }];
}
