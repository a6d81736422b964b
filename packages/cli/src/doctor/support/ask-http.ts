const timeoutMs = 5000;
const maxBytes = 2 * 1024 * 1024;

/** A reply, with at most 2 MiB of its body. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
  /** The time here halfway between request and reply, in milliseconds since 1970. */
  readonly middleMs: number;
  /** Its body as JSON; undefined if it is none. */
  json(): unknown;
}

/**
 * Sends a request and reads the reply, without following redirects. Rejects if there is no reply
 * within 5 s, or it is larger than 2 MiB.
 */
export async function askHttp(url: string, init: RequestInit = {}): Promise<Answer> {
  const sentMs = Date.now();
  const reply = await fetch(url, {
    redirect: 'manual',
    signal: AbortSignal.timeout(timeoutMs),
    ...init,
  });
  const middleMs = (sentMs + Date.now()) / 2;
  const body = await textOf(reply);
  return {
    ...{ status: reply.status, headers: reply.headers, body, middleMs },
    json: () => parsed(body),
  };
}

async function textOf({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw new Error(`the reply is larger than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // the answer: it is no JSON
  }
}
