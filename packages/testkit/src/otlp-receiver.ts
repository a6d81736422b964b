import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

/** A span as it was received. */
export interface ReceivedSpan {
  readonly service: string;
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  /** Undefined for the first span of a trace. */
  readonly parentSpanId: string | undefined;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** A line of a log as it was received. */
export interface ReceivedLine {
  readonly service: string;
  readonly host: unknown;
  readonly body: unknown;
  readonly severity: string | undefined;
  /** Undefined outside of a trace. */
  readonly traceId: string | undefined;
  readonly attributes: Readonly<Record<string, unknown>>;
}

interface KeyValue {
  readonly key: string;
  readonly value: Value;
}

interface Value {
  readonly stringValue?: string;
  readonly intValue?: number | string;
  readonly arrayValue?: { readonly values: readonly Value[] };
  readonly kvlistValue?: { readonly values: readonly KeyValue[] };
}

interface Export {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly KeyValue[] };
    readonly scopeSpans: readonly { readonly spans: readonly SentSpan[] }[];
  }[];
}

interface LogExport {
  readonly resourceLogs: readonly {
    readonly resource: { readonly attributes: readonly KeyValue[] };
    readonly scopeLogs: readonly { readonly logRecords: readonly SentLine[] }[];
  }[];
}

interface SentLine {
  readonly body: Value;
  readonly severityText?: string;
  readonly traceId?: string;
  readonly attributes: readonly KeyValue[];
}

interface SentSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly attributes: readonly KeyValue[];
}

/** Takes traces and lines of logs by OTLP over HTTP with JSON, as a collector does. */
export class OtlpReceiver implements AsyncDisposable {
  /** For `OTEL_EXPORTER_OTLP_ENDPOINT`. */
  readonly url: string;
  readonly spans: ReceivedSpan[] = [];
  readonly lines: ReceivedLine[] = [];
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  /** @param port default: a free one */
  static async start(port = 0): Promise<OtlpReceiver> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    const receiver = new OtlpReceiver(server);
    server.on('request', async (request, reply) => {
      const taken = receiver.#take(request.url, await json(request));
      reply.writeHead(taken ? 200 : 404, { 'Content-Type': 'application/json' }).end('{}');
    });
    return receiver;
  }

  #take(path: string | undefined, body: unknown): boolean {
    if (path === '/v1/traces') this.spans.push(...received(body as Export));
    else if (path === '/v1/logs') this.lines.push(...receivedLines(body as LogExport));
    else return false;
    return true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }
}

function received({ resourceSpans }: Export): ReceivedSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const service = String(valuesOf(resource.attributes)['service.name']);
    return scopeSpans.flatMap(({ spans }) =>
      spans.map(({ name, traceId, spanId, parentSpanId, attributes }) => ({
        ...{ service, name, traceId, spanId },
        parentSpanId: parentSpanId === '' ? undefined : parentSpanId,
        attributes: valuesOf(attributes),
      })),
    );
  });
}

function receivedLines({ resourceLogs }: LogExport): ReceivedLine[] {
  return resourceLogs.flatMap(({ resource, scopeLogs }) => {
    const { 'service.name': name, 'host.name': host } = valuesOf(resource.attributes);
    const service = String(name);
    return scopeLogs.flatMap(({ logRecords }) =>
      logRecords.map(({ body, severityText, traceId, attributes }) => ({
        ...{ service, host, body: plain(body), severity: severityText },
        traceId: traceId === '' ? undefined : traceId,
        attributes: valuesOf(attributes),
      })),
    );
  });
}

function valuesOf(attributes: readonly KeyValue[]): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, plain(value)]));
}

function plain({ stringValue, intValue, arrayValue, kvlistValue }: Value): unknown {
  if (kvlistValue !== undefined) return valuesOf(kvlistValue.values);
  if (arrayValue !== undefined) return arrayValue.values.map(plain);
  return intValue === undefined ? stringValue : Number(intValue);
}
