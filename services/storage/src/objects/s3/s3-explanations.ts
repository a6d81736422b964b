import type { StoreExplanations } from '../explanation.ts';

const address = 'Check that the object store runs there, and S3_ENDPOINT.';
const name = 'Correct the host in S3_ENDPOINT, or the DNS of this machine.';
const untrusted = {
  problem: 'the certificate is not trusted',
  remedy: 'Name the authority of the server in NODE_EXTRA_CA_CERTS.',
};

/** Codes of S3, of Node and of OpenSSL, in the words of docs/troubleshooting.md. */
export const s3Explanations: StoreExplanations = {
  InvalidAccessKeyId: { problem: 'the key is unknown', remedy: 'Correct S3_ACCESS_KEY.' },
  SignatureDoesNotMatch: {
    problem: 'the secret of the key was refused',
    remedy: 'Correct S3_SECRET_KEY.',
  },
  RequestTimeTooSkewed: {
    problem: 'the clock of this machine differs from that of the object store',
    remedy: 'Correct the clocks; both should follow NTP.',
  },
  AccessDenied: {
    problem: 'the key lacks a right',
    remedy: 'Create the bucket in S3_BUCKET, and let the key read, write, list and delete there.',
  },
  NoSuchBucket: { problem: 'the bucket is missing', remedy: 'Create it, or correct S3_BUCKET.' },
  XMinioStorageFull: { problem: 'the disk of the server is full', remedy: 'Free space on it.' },
  ECONNREFUSED: { problem: 'the connection was refused', remedy: address },
  ECONNRESET: { problem: 'the connection was closed', remedy: address },
  ETIMEDOUT: { problem: 'the connection timed out', remedy: address },
  EHOSTUNREACH: { problem: 'the host is unreachable', remedy: address },
  ENETUNREACH: { problem: 'the network is unreachable', remedy: address },
  ENOTFOUND: { problem: 'the host name does not resolve', remedy: name },
  EAI_AGAIN: { problem: 'the host name could not be looked up', remedy: name },
  EPROTO: {
    problem: 'the server does not offer TLS',
    remedy: 'Begin S3_ENDPOINT with http://, or set TLS up on the server.',
  },
  CERT_HAS_EXPIRED: {
    problem: 'the certificate has expired',
    remedy: 'Renew it, or correct the clock.',
  },
  CERT_NOT_YET_VALID: { problem: 'the certificate is not valid yet', remedy: 'Correct the clock.' },
  SELF_SIGNED_CERT_IN_CHAIN: untrusted,
  DEPTH_ZERO_SELF_SIGNED_CERT: untrusted,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: untrusted,
  ERR_TLS_CERT_ALTNAME_INVALID: {
    problem: 'the certificate is for a different host',
    remedy: 'Use a host in S3_ENDPOINT that the certificate names.',
  },
};
