import { normalized } from '../../support/console-block.ts';

/** An output without what differs from run to run, of this page's commands too. */
export function steady(output: string): string {
  return normalized(output)
    .split('\n')
    .map((line) => withSortedSeries(line))
    .join('\n')
    .replace(/"instance":"\d+(\.\d+){3}:/g, '"instance":"172.20.0.2:')
    .replace(/\[\d{10}(\.\d+)?,/g, '[1767268800,')
    .replace(/"durationMs":\d+/g, '"durationMs":10000')
    .replace(/\b[0-9a-f]{64}\b/g, '…')
    .replace(/"username":"\d{10}:[\w-]{22}","credential":"[^"]+"/g, turnCredential)
    .replace(/"reason":"[^"]*"/g, '"reason":"…"');
}

/** A TURN server's credential, as the page shows it. */
const turnCredential = '"username":"1767269100:4rRCwEBQN-o9HaINK7Tfng","credential":"…"';

/** Prometheus gives its series in no order. */
function withSortedSeries(line: string): string {
  if (!line.startsWith('{"status":"success","data":{"resultType":"vector"')) return line;
  const reply = JSON.parse(line) as { data: { result: { metric: { service?: string } }[] } };
  reply.data.result.sort((one, other) =>
    (one.metric.service ?? '').localeCompare(other.metric.service ?? ''),
  );
  return JSON.stringify(reply);
}
