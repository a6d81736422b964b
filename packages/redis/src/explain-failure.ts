import type { HostPort, RedisAddress } from '@secureconnect/degraded-mode/ioredis';
import { nameOf } from '@secureconnect/degraded-mode/ioredis/parts';
import {
  certificateExplanations,
  connectionExplanations,
  type Explanation,
  hostNameExplanations,
} from '@secureconnect/service';

/** Its remedy has the words of `variablesOf` in the place of the names of variables. */
export interface RedisExplanation extends Explanation {
  /** The only kind of address for which it is a mistake; default: all. */
  readonly only?: RedisAddress['kind'];
}

const at = 'Check that Redis runs there, and the host and port in ADDRESS.';
const name = 'Correct the host in ADDRESS, or the DNS of this machine.';

/**
 * Reasons of `Availability`, or their first words, in the words of docs/troubleshooting.md. What is
 * no mistake of an operator is not among them.
 */
export const redisExplanations: Readonly<Record<string, RedisExplanation>> = {
  WRONGPASS: { problem: 'the user or its password was refused', remedy: 'Correct PASSWORD.' },
  NOAUTH: { problem: 'a password is demanded', remedy: 'Set PASSWORD.' },
  NOPERM: {
    problem: 'the user lacks the right to a command',
    remedy: 'Give the user the rights in docs/redis.md.',
  },
  READONLY: {
    problem: 'the server is a replica',
    remedy: 'Name the master in REDIS_URL, or set REDIS_SENTINELS instead.',
    only: 'single',
  },
  MOVED: {
    problem: 'the server is part of a cluster',
    remedy: 'Set REDIS_CLUSTER in place of REDIS_URL.',
    only: 'single',
  },
  'ERR select': {
    problem: 'the number of the database was refused',
    remedy: 'Correct it at the end of REDIS_URL; a cluster has number 0 alone.',
    only: 'single',
  },
  'ERR cluster': {
    problem: 'the server is not part of a cluster',
    remedy: 'Set REDIS_URL in place of REDIS_CLUSTER.',
    only: 'cluster',
  },
  'ERR sentinel': {
    problem: 'the server is no sentinel',
    remedy: 'Name sentinels in REDIS_SENTINELS, or set REDIS_URL instead.',
    only: 'sentinel',
  },
  'no master': {
    problem: 'the sentinels know no master of this name',
    remedy: 'Correct REDIS_MASTER_NAME.',
    only: 'sentinel',
  },
  ...connectionExplanations(at),
  ECONNRESET: {
    problem: 'the connection was closed',
    remedy: 'Check that Redis runs there; if it demands TLS, ENABLE_TLS.',
  },
  ETIMEDOUT: {
    problem: 'the connection timed out',
    remedy: 'Check the host and port in ADDRESS, and that the server offers TLS if it is set.',
  },
  ...hostNameExplanations(name),
  ...certificateExplanations({ authority: 'REDIS_TLS_CA', host: 'ADDRESS' }),
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: {
    problem: 'a certificate of the client is demanded',
    remedy: 'Set REDIS_TLS_CERT and REDIS_TLS_KEY.',
  },
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: {
    problem: 'the certificate of the client is not trusted',
    remedy: 'Name one in REDIS_TLS_CERT that the server trusts.',
  },
};

const ofSentinels = /^sentinels: /;

/**
 * One line about why Redis cannot be used, with its address and without a password:
 * `Redis at cache:6379: the user or its password was refused (WRONGPASS auth). …`. Undefined for
 * reasons that no operator's mistake explains.
 * @param reason as `Availability` has it: `NOPERM evalsha`, `sentinels: ECONNREFUSED`
 */
export function explainRedisFailure(reason: string, address: RedisAddress): string | undefined {
  const { what, node } = split(reason);
  const words = what.split(' ');
  const key = [words.slice(0, 2).join(' '), words[0] ?? ''].find((candidate) =>
    Object.hasOwn(redisExplanations, candidate),
  );
  const row = key === undefined ? undefined : redisExplanations[key];
  if (row === undefined || (row.only ?? address.kind) !== address.kind) return undefined;
  const remedy = Object.entries(variablesOf(reason, address)).reduce(
    (text, [word, variable]) => text.replace(word, variable),
    row.remedy,
  );
  return `Redis ${node === undefined ? placeOf(reason, address) : `at ${node}`}: ${row.problem} (${what}). ${remedy}`;
}

/** A reason without whose it is: that of sentinels, or of a node `host:port` of a cluster. */
function split(reason: string): { readonly what: string; readonly node?: string } {
  const what = reason.replace(ofSentinels, '');
  const at = what.lastIndexOf(' at ');
  const node = what.slice(at + ' at '.length);
  const isNode = at > 0 && /^\S{1,255}:\d{1,5}$/.test(node);
  return isNode ? { what: what.slice(0, at), node } : { what };
}

/** The variables of a kind of address, by the words that stand for them in the remedies. */
function variablesOf(reason: string, { kind }: RedisAddress): Readonly<Record<string, string>> {
  if (kind === 'single') {
    return {
      ADDRESS: 'REDIS_URL',
      PASSWORD: 'the password in REDIS_URL, or REDIS_PASSWORD',
      ENABLE_TLS: 'begin REDIS_URL with rediss://',
    };
  }
  const prefix = ofSentinels.test(reason) ? 'REDIS_SENTINEL' : 'REDIS';
  return {
    ADDRESS: kind === 'cluster' ? 'REDIS_CLUSTER' : 'REDIS_SENTINELS',
    PASSWORD: `${prefix}_PASSWORD`,
    ENABLE_TLS: `set ${prefix}_TLS=true`,
  };
}

function placeOf(reason: string, address: RedisAddress): string {
  if (address.kind === 'single') return `at ${hostOf(address.url)}`;
  if (address.kind === 'cluster') return `cluster at ${listed(address.nodes)}`;
  const { masterName, sentinels } = address;
  return ofSentinels.test(reason)
    ? `sentinels at ${listed(sentinels)}`
    : `"${masterName}" behind the sentinels at ${listed(sentinels)}`;
}

/** Never contains the password. */
function hostOf(url: string): string {
  const { hostname, port } = new URL(url);
  return `${hostname}:${port === '' ? '6379' : port}`;
}

function listed(servers: readonly HostPort[]): string {
  return servers.map(nameOf).join(',');
}
