import { LostReplyError, RefusedError } from '../http/errors.ts';

export interface BytesTarget {
  readonly upload_url: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface PutOptions {
  readonly signal: AbortSignal;
  /** Called with how many bytes of this request are sent. */
  readonly onSent: (bytes: number) => void;
}

/** The part of XMLHttpRequest that is used: unlike fetch, it tells how much it has sent. */
interface ProgressRequest {
  readonly upload: { onprogress: ((event: { readonly loaded: number }) => void) | null };
  readonly status: number;
  onload: (() => void) | null;
  onerror: (() => void) | null;
  open(method: string, url: string): void;
  setRequestHeader(name: string, value: string): void;
  send(body: Blob): void;
  abort(): void;
}

/**
 * Sends bytes to a signed URL. In Node.js they count as sent when they are stored.
 * @throws RefusedError, LostReplyError, or the reason of the signal
 */
export async function putBytes(
  target: BytesTarget,
  content: Blob,
  options: PutOptions,
): Promise<void> {
  const { XMLHttpRequest } = globalThis as { XMLHttpRequest?: new () => ProgressRequest };
  const status =
    XMLHttpRequest === undefined
      ? await putByFetch(target, content, options)
      : await putWithProgress(new XMLHttpRequest(), target, content, options);
  if (status < 200 || status >= 300) throw refusalOf(status);
  options.onSent(content.size);
}

function refusalOf(status: number): RefusedError {
  return new RefusedError({
    status,
    code: status === 403 ? 'FORBIDDEN' : 'UNKNOWN',
    message: `the file store answered ${status}`,
    details: [],
    requestId: undefined,
    retryAfterSeconds: undefined,
  });
}

async function putByFetch(
  { headers, upload_url: url }: BytesTarget,
  body: Blob,
  { signal }: PutOptions,
): Promise<number> {
  try {
    const response = await fetch(url, { method: 'PUT', headers, body, signal });
    await response.arrayBuffer();
    return response.status;
  } catch (cause) {
    signal.throwIfAborted();
    throw new LostReplyError('no reply to an upload', { cause });
  }
}

function putWithProgress(
  request: ProgressRequest,
  { headers, upload_url: url }: BytesTarget,
  body: Blob,
  { onSent, signal }: PutOptions,
): Promise<number> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const abort = () => {
      request.abort();
      reject(signal.reason);
    };
    signal.addEventListener('abort', abort, { once: true });
    const over = (act: () => void) => () => {
      signal.removeEventListener('abort', abort);
      act();
    };
    request.upload.onprogress = ({ loaded }) => onSent(loaded);
    request.onload = over(() => resolve(request.status));
    request.onerror = over(() => reject(new LostReplyError('no reply to an upload')));
    request.open('PUT', url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.send(body);
  });
}
