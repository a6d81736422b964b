import { expect, it } from 'vitest';
import { call } from '../../test/call.ts';
import { startSmallService } from '../../test/small-service.ts';
import { traceIdOf } from './trace-parent.ts';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const spanId = '00f067aa0ba902b7';

it.each([
  [`00-${traceId}-${spanId}-01`, traceId],
  [`cc-${traceId}-${spanId}-01-what-comes-later`, traceId],
  [`00-${traceId}-${spanId}-01-more`, undefined],
  [`ff-${traceId}-${spanId}-01`, undefined],
  [`00-${'0'.repeat(32)}-${spanId}-01`, undefined],
  [`00-${traceId.toUpperCase()}-${spanId}-01`, undefined],
  [`00-${traceId}"}-${spanId}-01`, undefined],
  ['', undefined],
])('the trace id of "%s"', (header, expected) => {
  expect(traceIdOf(header)).toBe(expected);
});

it('while tracing is off, the lines of a request have the id of its traceparent', async () => {
  await using small = await startSmallService();
  small.context.thrown = new TypeError('a mistake of the program');
  const headers = { traceparent: `00-${traceId}-${spanId}-01` };
  await call(`${small.url}/v1/plain`, { headers });
  await call(`${small.url}/v1/failing`, { headers });
  await call(`${small.url}/v1/plain`, { headers: { traceparent: 'of no trace' } });
  const lines = small.logLines.map((line) => JSON.parse(line) as Record<string, unknown>);
  const ids = (message: string) =>
    lines.filter(({ msg }) => msg === message).map(({ trace_id: id }) => id);
  expect(ids('request')).toEqual([traceId, traceId, undefined]);
  expect(ids('request failed')).toEqual([traceId]);
});
