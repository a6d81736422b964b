import { digits, ratio, table } from '../support/markdown.ts';
import { median } from '../support/statistics.ts';
import {
  type Measurement,
  type SubjectName,
  subjectNames,
  type WorkName,
  workNames,
} from './names.ts';

export interface GatewayResults {
  readonly machine: string;
  readonly runs: number;
  readonly requests: number;
  readonly measurements: readonly Measurement[];
}

const labels: Readonly<Record<SubjectName, string>> = {
  secureconnect: 'SecureConnect',
  express: 'Express stack',
  fastify: 'Fastify stack',
  undici: 'undici alone',
  nginx: 'nginx alone',
};

/** The whole section of the document: a table for each kind of work. */
export function gatewayTables({ machine, runs, requests, measurements }: GatewayResults): string {
  const introduction = `Medians of ${runs} runs of ${digits(requests)} requests on ${machine}.`;
  const head = [
    '',
    'CPU per request',
    'SecureConnect’s ÷ its CPU',
    'requests/s',
    'SecureConnect’s ÷ its requests/s',
    'memory',
  ];
  const tables = workNames.map((work) => {
    const rows = rowsOf(
      measurements.filter((one) => one.work === work),
      work,
    );
    return `### ${work}\n\n${table(head, rows)}`;
  });
  return [introduction, ...tables].join('\n\n');
}

function rowsOf(measurements: readonly Measurement[], work: WorkName): string[][] {
  const figures = (subject: SubjectName) => {
    const some = measurements.filter((one) => one.subject === subject);
    return {
      cpu: median(some.map(({ cpuMicroseconds }) => cpuMicroseconds)),
      rate: median(some.map(({ requestsPerSecond }) => requestsPerSecond)),
      memory: median(some.map(({ memoryBytes }) => memoryBytes)),
    };
  };
  const ours = figures('secureconnect');
  if (Number.isNaN(ours.cpu)) throw new Error(`no figures of SecureConnect for ${work}`);
  const measured = subjectNames.filter((name) =>
    measurements.some(({ subject }) => subject === name),
  );
  return measured.map((subject) => {
    const { cpu, rate, memory } = figures(subject);
    const isOurs = subject === 'secureconnect';
    return [
      labels[subject],
      `${digits(cpu)} µs`,
      isOurs ? '' : ratio(ours.cpu / cpu),
      digits(rate),
      isOurs ? '' : ratio(ours.rate / rate),
      `${digits(memory / 2 ** 20)} MiB`,
    ];
  });
}
