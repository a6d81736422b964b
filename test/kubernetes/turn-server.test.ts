import { readFileSync } from 'node:fs';
import { BlockList, isIPv4 } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const root = join(import.meta.dirname, '../..');
const folder = 'deploy/kubernetes/components/turn';
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

const options = read(`${folder}/turnserver.conf`)
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'));
const valuesOf = (name: string): string[] =>
  options.flatMap((line) => (line.startsWith(`${name}=`) ? [line.slice(name.length + 1)] : []));
const numberOf = (name: string): number => Number(valuesOf(name)[0]);

describe('the options of coturn', () => {
  it('are the same in Docker, whose coturn has no further ones', () => {
    const { coturn, 'video-service': video } = parse(read('docker-compose.yml'), {
      merge: true,
      maxAliasCount: -1,
    }).services;
    expect(coturn.entrypoint).toEqual(['sh', '/opt/coturn/run-coturn.sh']);
    expect(coturn.command).toBeUndefined();
    expect(coturn.volumes).toEqual([`./${folder}:/opt/coturn:ro`]);
    expect(coturn.networks.turn.ipv4_address).toBe(coturn.environment.TURN_RELAY_IP);
    expect(video.environment.TURN_SECRET).toBe(coturn.environment.TURN_SECRET);
    const ports = `${numberOf('min-port')}-${numberOf('max-port')}`;
    expect(coturn.ports).toContain(`\${PUBLISH_ADDRESS:-127.0.0.1}:${ports}:${ports}/udp`);
  });

  it('take credentials that expire, and no other ones', () => {
    expect(options).toContain('use-auth-secret');
    const others = /^(lt-cred-mech|user|no-auth|userdb|static-auth-secret)(=|$)/;
    expect(options.filter((line) => others.test(line))).toEqual([]);
  });

  it('have a port for each allocation, and more of them than ten callers may have', () => {
    const ports = numberOf('max-port') - numberOf('min-port') + 1;
    expect(ports).toBeGreaterThanOrEqual(numberOf('total-quota'));
    expect(numberOf('total-quota')).toBeGreaterThan(10 * numberOf('user-quota'));
  });

  it('deny no public address, and every one that is not public', () => {
    const denied = new BlockList();
    for (const range of valuesOf('denied-peer-ip')) {
      const [first = '', last = ''] = range.split('-');
      denied.addRange(first, last, isIPv4(first) ? 'ipv4' : 'ipv6');
    }
    const isDenied = (ip: string): boolean => denied.check(ip, isIPv4(ip) ? 'ipv4' : 'ipv6');
    const inner = [
      ...['0.0.0.1', '10.0.0.1', '100.64.0.1', '127.0.0.1', '169.254.169.254', '172.31.0.1'],
      ...['192.0.0.192', '192.168.1.1', '198.19.0.1', '224.0.0.251', '255.255.255.255'],
      ...['100.100.100.200', '168.63.129.16', '::1', '::7f00:1', '::ffff:169.254.169.254'],
      ...['64:ff9b::a9fe:a9fe', '64:ff9b:1::1', '100::1', '2001::1', '2001:db8::1'],
      ...['2002:a9fe:a9fe::1', '3fff::1', 'fc00::1', 'fd00:ec2::254', 'fe80::1', 'fec0::1'],
      'ff02::1',
    ];
    expect(inner.filter((ip) => !isDenied(ip))).toEqual([]);
    const outer = ['1.1.1.1', '8.8.8.8', '223.255.255.254', '168.63.129.17', '192.0.1.1'];
    const outerV6 = ['2001:4860:4860::8888', '2606:4700::1111', '2a00:1450::1', '2003::1'];
    expect([...outer, ...outerV6].filter(isDenied)).toEqual([]);
  });

  it('have no range from the unspecified address of IPv6, which coturn takes for all of IPv4', () => {
    expect(valuesOf('denied-peer-ip').filter((range) => range.startsWith('::-'))).toEqual([]);
  });
});
