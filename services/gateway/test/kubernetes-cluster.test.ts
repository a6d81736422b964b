import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError } from '@secureconnect/service';
import { afterAll, expect, it } from 'vitest';
import { readCluster } from '../src/signals/kubernetes/cluster.ts';
import { startGateway } from './harness.ts';

const folder = mkdtempSync(join(tmpdir(), 'secureconnect-kubeconfig-'));
afterAll(() => rmSync(folder, { recursive: true }));

function kubeconfig(cluster: object, context: object = { cluster: 'c', user: 'u' }): string {
  const path = join(folder, 'kubeconfig');
  const content = {
    clusters: [{ name: 'c', cluster }],
    users: [{ name: 'u', user: { token: 'x' } }],
    contexts: [{ name: 'n', context }],
    'current-context': 'n',
  };
  writeFileSync(path, JSON.stringify(content));
  return path;
}

const server = 'https://127.0.0.1:1';

it('reads the address of the API server, and the credentials', async () => {
  const ca = Buffer.from('a certificate').toString('base64');
  const path = kubeconfig({ server: `${server}/`, 'certificate-authority-data': ca });
  const cluster = await readCluster(path);
  expect(cluster).toMatchObject({ server, tls: { ca: Buffer.from('a certificate') } });
  expect(await cluster.credentials()).toEqual({ Authorization: 'Bearer x' });
});

it.each([
  ['that is not there', () => join(folder, 'none'), /^KUBECONFIG is ".*", which cannot be read/],
  ['that is no kubeconfig', () => import.meta.filename, /which cannot be read/],
  ['without a cluster', () => kubeconfig({ server }, { cluster: 'd', user: 'u' }), /no cluster/],
  ['that is not https', () => kubeconfig({ server: 'http://a' }), /http:\/\/a; expected https/],
  ['with a proxy', () => kubeconfig({ server, 'proxy-url': 'http://a' }), /proxy-url/],
  [
    'whose certificate is missing',
    () => kubeconfig({ server, 'certificate-authority': join(folder, 'ca.crt') }),
    /cannot be used: .*ca\.crt/,
  ],
])('refuses a kubeconfig %s, in one line', async (_what, path, line) => {
  const reading = readCluster(path());
  await expect(reading).rejects.toThrow(ConfigError);
  await expect(reading).rejects.toThrow(line);
});

it('says what is missing without a kubeconfig and a service account', async () => {
  await expect(readCluster(undefined)).rejects.toThrow(
    /^KUBECONFIG is not set and \/var\/run\/secrets\/\S+ is missing; expected .* Pod/,
  );
});

it('stops a gateway at boot', async () => {
  const environment = {
    SIGNALS_SINK: 'kubernetes',
    SIGNALS_KUBERNETES_NAMESPACE: 'secureconnect',
    KUBECONFIG: join(folder, 'none'),
  };
  await expect(startGateway({ environment })).rejects.toThrow('KUBECONFIG is');
});
