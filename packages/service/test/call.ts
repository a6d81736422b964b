import { ErrorDetail } from '@secureconnect/contracts';
import { z } from 'zod';

const Body = z.looseObject({
  success: z.boolean().optional(),
  data: z.record(z.string(), z.unknown()).optional(),
  error: z
    .union([
      z.string(),
      z.object({
        code: z.string(),
        message: z.string(),
        details: z.array(ErrorDetail).optional(),
      }),
    ])
    .optional(),
  meta: z
    .object({
      timestamp: z.iso.datetime(),
      request_id: z.string(),
      degraded: z.array(z.string()).optional(),
    })
    .optional(),
});

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: z.infer<typeof Body>;
  /** The code of the envelope's error, and the fields that it names. */
  readonly code: string | undefined;
  readonly fields: readonly string[];
}

export interface CallOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as it is, with `Content-Type: application/json` unless `headers` say otherwise. */
  readonly body?: string | Buffer | ReadableStream;
}

/** One request, with its reply read and parsed. */
export async function call(url: string, options: CallOptions = {}): Promise<Reply> {
  const { body, headers, method = body === undefined ? 'GET' : 'POST' } = options;
  const type = body === undefined ? {} : { 'content-type': 'application/json' };
  const streamed = body instanceof ReadableStream ? { duplex: 'half' as const } : {};
  const sent = body === undefined ? {} : { body, ...streamed };
  const response = await fetch(url, { method, headers: { ...type, ...headers }, ...sent });
  const text = await response.text();
  const parsed = Body.parse(text === '' ? {} : JSON.parse(text));
  const error = typeof parsed.error === 'object' ? parsed.error : undefined;
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: parsed,
    code: error?.code,
    fields: error?.details?.map(({ field }) => field) ?? [],
  };
}
