import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError } from '@secureconnect/service';
import { afterAll, expect, it } from 'vitest';
import { readCluster } from '../src/signals/kubernetes/cluster.ts';
import { startGateway } from './harness.ts';

const folder = mkdtempSync(join(tmpdir(), 'secureconnect-kubeconfig-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Context {
  readonly cluster: string;
  readonly user: string;
}

function kubeconfig(
  cluster: object,
  context: Context = { cluster: 'c', user: 'u' },
  user: object = { token: 'x' },
): string {
  const path = join(folder, 'kubeconfig');
  const content = {
    clusters: [{ name: 'c', cluster }],
    users: [{ name: 'u', user }],
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

const withUser = (user: object) => kubeconfig({ server }, undefined, user);
/** A user whose command prints a credential, and counts in a file how often it did. */
const printing = (status: object) => ({
  exec: {
    apiVersion: 'client.authentication.k8s.io/v1',
    command: process.execPath,
    args: ['--eval', 'fs.appendFileSync(process.env.RUNS, "x"); console.log(process.env.PRINTED)'],
    env: [
      { name: 'PRINTED', value: JSON.stringify({ kind: 'ExecCredential', status }) },
      { name: 'RUNS', value: join(folder, 'runs') },
    ],
  },
});

it('reads YAML, and paths that are relative to its own folder', async () => {
  writeFileSync(join(folder, 'ca.pem'), 'authority');
  writeFileSync(join(folder, 'client.pem'), 'certificate');
  writeFileSync(join(folder, 'token'), 'first\n');
  const path = join(folder, 'config.yaml');
  writeFileSync(
    path,
    `apiVersion: v1
kind: Config
current-context: n
contexts: [{ name: n, context: { cluster: c, user: u, namespace: default } }]
clusters:
  - name: c
    cluster:
      server: https://127.0.0.1:1
      certificate-authority: ca.pem
      tls-server-name: kubernetes
users:
  - name: u
    user: { tokenFile: token, client-certificate: client.pem, client-key-data: a2V5, as: somebody }
`,
  );
  const { tls, credentials } = await readCluster(path);
  expect(tls).toEqual({
    ca: Buffer.from('authority'),
    cert: Buffer.from('certificate'),
    key: Buffer.from('key'),
    servername: 'kubernetes',
  });
  const headers = { Authorization: 'Bearer first', 'Impersonate-User': 'somebody' };
  expect(await credentials()).toEqual(headers);
  writeFileSync(join(folder, 'token'), 'second');
  expect(await credentials()).toEqual({ ...headers, Authorization: 'Bearer second' });
});

it.each([
  ['once, if it does not expire', undefined, 1],
  ['once for an hour', 3600, 1],
  ['again where it expires within seconds', 5, 3],
])('runs the command of a kubeconfig %s', async (_what, seconds, runs) => {
  writeFileSync(join(folder, 'runs'), '');
  const expires = seconds && { expirationTimestamp: new Date(Date.now() + seconds * 1000) };
  const user = printing({ token: 'printed', clientCertificateData: 'a', ...expires });
  const { tls, credentials } = await readCluster(withUser(user));
  expect(tls).toEqual({ cert: 'a' });
  expect(await credentials()).toEqual({ Authorization: 'Bearer printed' });
  expect(readFileSync(join(folder, 'runs'), 'utf8')).toHaveLength(runs);
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
  ['without its user', () => kubeconfig({ server }, { cluster: 'c', user: 'v' }), /no user/],
  ['with an entry of a wrong type', () => withUser({ token: 5 }), /users\.0\.user\.token: /],
  ['with an old way to sign in', () => withUser({ 'auth-provider': { name: 'gcp' } }), /1\.26/],
  [
    'whose command is missing',
    () => withUser({ exec: { command: join(folder, 'none') } }),
    /cannot be used: the command .*none failed: .*ENOENT/,
  ],
  [
    'whose command fails',
    () => withUser({ exec: { command: 'sh', args: ['-c', 'echo secret; echo why >&2; exit 3'] } }),
    /cannot be used: the command sh failed: why\.$/,
  ],
  [
    'whose command prints something else',
    () => withUser({ exec: { command: 'echo', args: ['secret'] } }),
    /cannot be used: the command echo printed no ExecCredential\.$/,
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
