import { expect, it } from 'vitest';
import { isLogExportOn, isTracingOn } from './tracing-config.ts';

const OTEL_EXPORTER_OTLP_ENDPOINT = 'http://collector:4318';

it.each([
  [{}, false],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT }, true],
  [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://collector:4318/v1/traces' }, true],
  [{ OTEL_TRACES_EXPORTER: 'otlp' }, true],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: '' }, false],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_TRACES_EXPORTER: 'none' }, false],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_SDK_DISABLED: 'true' }, false],
])('with %o it is %s', (environment, on) => {
  expect(isTracingOn(environment)).toBe(on);
});

it.each([
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318' }],
  [{ OTEL_TRACES_EXPORTER: 'zipkin' }],
  [{ OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }],
])('%o is refused by name', (environment) => {
  expect(() => isTracingOn(environment)).toThrow(Object.keys(environment)[0]);
});

it.each([
  [{}, false],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT }, false],
  [{ OTEL_LOGS_EXPORTER: 'otlp' }, true],
  [{ OTEL_LOGS_EXPORTER: '', OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: '' }, false],
  [{ OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: 'http://loki:3100/otlp/v1/logs' }, true],
  [{ OTEL_LOGS_EXPORTER: 'otlp', OTEL_SDK_DISABLED: 'true' }, false],
])('with %o the export of log lines is %s', (environment, on) => {
  expect(isLogExportOn(environment)).toBe(on);
});

it('a different exporter of log lines is refused by name', () => {
  expect(() => isLogExportOn({ OTEL_LOGS_EXPORTER: 'console' })).toThrow('OTEL_LOGS_EXPORTER');
});
