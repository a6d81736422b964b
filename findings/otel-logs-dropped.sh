#!/usr/bin/env bash
# @opentelemetry/sdk-logs 0.223.1: where more log records come at once than the queue of its
# BatchLogRecordProcessor holds, those beyond it are dropped, and OpenTelemetry's own diagnostics say
# nothing of it at any level; no method or figure tells how many. BatchSpanProcessor of
# @opentelemetry/sdk-trace-base 2.12.1, with the same queue, says that it drops spans.
# Needs Node 20 with npm.
set -euo pipefail

logs_version=0.223.1
trace_version=2.12.1
api_version=1.9.0
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

npm install --silent --no-save --prefix "$folder" "@opentelemetry/sdk-logs@$logs_version" \
  "@opentelemetry/sdk-trace-base@$trace_version" "@opentelemetry/api@$api_version" >/dev/null
echo "sdk-logs $logs_version, sdk-trace-base $trace_version, api $api_version"

cat >"$folder/overflow.mjs" <<'SCRIPT'
import { DiagLogLevel, diag } from '@opentelemetry/api';
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';

const given = 3000;
const limits = { maxQueueSize: 2048 };
const said = [];
const levels = ['error', 'warn', 'info', 'debug', 'verbose'];
const listener = Object.fromEntries(
  levels.map((level) => [level, (...words) => said.push(`${level}: ${words.join(' ')}`)]),
);
diag.setLogger(listener, { logLevel: DiagLogLevel.ALL });

function countingExporter() {
  const exporter = {
    exported: 0,
    export(batch, done) {
      exporter.exported += batch.length;
      done({ code: 0 });
    },
    forceFlush: async () => undefined,
    shutdown: async () => undefined,
  };
  return exporter;
}

async function overflow(name, exporter, provider, emit) {
  said.length = 0;
  for (let index = 0; index < given; index += 1) emit(index);
  await provider.forceFlush();
  await provider.shutdown();
  const ofDrops = said.filter((line) => /drop/i.test(line));
  console.log(name, JSON.stringify({ given, exported: exporter.exported, said: ofDrops }));
  return { lost: given - exporter.exported, ofDrops };
}

const records = countingExporter();
const processor = new BatchLogRecordProcessor({ exporter: records, ...limits });
const logs = new LoggerProvider({ processors: [processor] });
const logger = logs.getLogger('finding');
const ofLogs = await overflow('logs ', records, logs, (index) =>
  logger.emit({ body: `line ${index}` }),
);

const spans = countingExporter();
const traces = new BasicTracerProvider({
  spanProcessors: [new BatchSpanProcessor(spans, limits)],
});
const tracer = traces.getTracer('finding');
const ofSpans = await overflow('spans', spans, traces, (index) =>
  tracer.startSpan(`span ${index}`).end(),
);

const isSilent = ofLogs.lost > 0 && ofLogs.ofDrops.length === 0;
const isSaid = ofSpans.lost > 0 && ofSpans.ofDrops.length > 0;
process.exitCode = isSilent && isSaid ? 0 : 1;
SCRIPT
node "$folder/overflow.mjs"
