import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { programSkipReason } from './loopback-server.ts';

const run = promisify(execFile);

/** The paths of a certificate and its key, both PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** Certificates for a day, in a folder that is removed with them. */
export interface Certificates extends AsyncDisposable {
  /** The authority that signed the others. */
  readonly ca: string;
  /** For 127.0.0.1 and localhost. */
  readonly server: Certificate;
  readonly client: Certificate;
  /** An authority that signed none of them, and a client of it. */
  readonly otherCa: string;
  readonly otherClient: Certificate;
}

/** Why tests with certificates are skipped; '' if they can run. */
export const certificatesSkipReason = programSkipReason(['openssl']);

/** Creates an authority and certificates of a server and a client, with openssl. */
export async function makeCertificates(): Promise<Certificates> {
  const folder = await mkdtemp(join(tmpdir(), 'secureconnect-certificates-'));
  const maker = new Maker(folder);
  const ca = await maker.authority('ca');
  const otherCa = await maker.authority('other-ca');
  return {
    ca: ca.cert,
    server: await maker.signed('server', ca),
    client: await maker.signed('client', ca),
    otherCa: otherCa.cert,
    otherClient: await maker.signed('other-client', otherCa),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Lines of a Redis configuration: TLS at this port, with client certificates required. */
export function tlsSettings({ ca, server }: Certificates, port: number): readonly string[] {
  return [
    `tls-port ${port}`,
    `tls-cert-file ${server.cert}`,
    `tls-key-file ${server.key}`,
    `tls-ca-cert-file ${ca}`,
    'tls-auth-clients yes',
  ];
}

class Maker {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async authority(name: string): Promise<Certificate> {
    const { cert, key } = this.#paths(name);
    await run('openssl', [...request(name, key), '-x509', '-days', '1', '-out', cert]);
    return { cert, key };
  }

  async signed(name: string, authority: Certificate): Promise<Certificate> {
    const { cert, key } = this.#paths(name);
    const csr = join(this.#folder, `${name}.csr`);
    const extensions = join(this.#folder, `${name}.ext`);
    await run('openssl', [...request(name, key), '-out', csr]);
    await writeFile(extensions, 'subjectAltName=IP:127.0.0.1,DNS:localhost\n');
    const by = ['-CA', authority.cert, '-CAkey', authority.key, '-CAcreateserial'];
    const what = ['-in', csr, '-extfile', extensions, '-days', '1', '-out', cert];
    await run('openssl', ['x509', '-req', ...by, ...what]);
    return { cert, key };
  }

  #paths(name: string): Certificate {
    return { cert: join(this.#folder, `${name}.crt`), key: join(this.#folder, `${name}.key`) };
  }
}

function request(name: string, key: string): readonly string[] {
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];
  return ['req', ...curve, '-nodes', '-keyout', key, '-subj', `/CN=${name}`];
}
