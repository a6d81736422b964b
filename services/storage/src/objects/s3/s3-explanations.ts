import {
  certificateExplanations,
  connectionExplanations,
  type Explanations,
  hostNameExplanations,
} from '@secureconnect/service';

const address = 'Check that the object store runs there, and S3_ENDPOINT.';
const name = 'Correct the host in S3_ENDPOINT, or the DNS of this machine.';

/** Codes of S3, of Node and of OpenSSL, in the words of docs/troubleshooting.md. */
export const s3Explanations: Explanations = {
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
  ...connectionExplanations(address),
  ...hostNameExplanations(name),
  EPROTO: {
    problem: 'the server does not offer TLS',
    remedy: 'Begin S3_ENDPOINT with http://, or set TLS up on the server.',
  },
  ...certificateExplanations({ authority: 'NODE_EXTRA_CA_CERTS', host: 'S3_ENDPOINT' }),
};
