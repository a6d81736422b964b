import { trace } from '@opentelemetry/api';
import {
  InMemorySpanExporter,
  NodeTracerProvider,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-node';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { boundRow, comeUp, goDown } from '../test/bound-row.ts';
import { failClosed, failOpen } from './fallback.ts';
import { traceFallbacks } from './opentelemetry.ts';

const exporter = new InMemorySpanExporter();
const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
provider.register();
const tracer = trace.getTracer('test');

beforeEach(() => exporter.reset());
afterAll(async () => {
  await provider.shutdown();
  trace.disable();
});

const row = () => {
  const bound = boundRow({
    hitCounter: failOpen.local(),
    sessions: failClosed({ retryAfterSeconds: 7, checkedAt: 'call' }),
  });
  return { ...bound, stop: traceFallbacks(bound.mode) };
};

it('names each port of a span with its fallback, once', async () => {
  const { handed, mode } = row();
  goDown(mode);
  await tracer.startActiveSpan('POST /v1/hits', async (span) => {
    await handed.hitCounter.add(1);
    await Promise.resolve();
    await handed.hitCounter.add(1);
    await expect(handed.sessions.add(1)).rejects.toThrow('degraded mode');
    span.end();
  });
  expect(exporter.getFinishedSpans().map(({ attributes }) => attributes)).toEqual([
    {
      'degraded.port': ['hit-counter', 'sessions'],
      'degraded.fallback': ['local', 'failClosed'],
    },
  ]);
});

it('leaves a span alone whose ports used no fallback, and all spans after it was stopped', async () => {
  const { handed, mode, stop } = row();
  const attributesOf = async () => {
    exporter.reset();
    await tracer.startActiveSpan('POST /v1/hits', async (span) => {
      await handed.hitCounter.add(1);
      span.end();
    });
    return exporter.getFinishedSpans().map(({ attributes }) => attributes);
  };
  comeUp(mode);
  expect(await attributesOf()).toEqual([{}]);
  goDown(mode);
  stop();
  expect(await attributesOf()).toEqual([{}]);
  // Without a span there is nothing to name.
  await handed.hitCounter.add(1);
});
