import type { AppRow, DeclaredPort } from './app-table.ts';
import type { Seen } from './findings.ts';
import type { ReadyRequest } from './sample.ts';

/** What came back; undefined is nothing in time. */
export interface Reply {
  readonly status: number;
  readonly text: string;
  /** What `X-Degraded` names: `visits=local`. */
  readonly named: readonly string[];
  readonly retryAfter: string | null;
}

/**
 * Which outcome is right. `normal`: Redis is up. `degraded`: it serves nothing, so every port falls
 * back. `either`: it serves in part, so a port may do both, and the reply says which.
 */
export type Expected = 'normal' | 'degraded' | 'either';

export interface Judged {
  readonly seen?: Seen;
  /** What is not as declared. */
  readonly wrong?: string;
}

export interface Judgement {
  readonly expected: Expected;
  /** The status while Redis is up. */
  readonly status: number;
  /** The rows of middleware, which may answer for any route. */
  readonly middleware: readonly AppRow[];
}

/** The `Retry-After` of a snapshot that is too old. */
const outdatedSeconds = 5;

/** Compares a reply with what the rows declare for its request. */
export function judge(request: ReadyRequest, reply: Reply, judgement: Judgement): Judged {
  if (isRefusal(reply)) return judgeRefusal(request, reply, judgement);
  const { expected, status } = judgement;
  if (reply.status !== status) {
    return { wrong: `${reply.status} instead of ${status}: ${reply.text.slice(0, 120)}` };
  }
  const own = request.row.ports.filter(({ name }) => request.ports.has(name));
  const [closed] = own.filter(({ kind }) => kind === 'failClosed');
  if (expected === 'degraded' && closed !== undefined) {
    return { wrong: `${reply.status} although the port ${closed.name} fails closed` };
  }
  const around = portsAround(request, judgement);
  const wrong = wrongNames(reply, { own, around, expected });
  if (wrong !== undefined) return { wrong };
  return { seen: reply.named.length > 0 ? 'substituted' : 'served' };
}

function isRefusal({ status, text }: Reply): boolean {
  if (status !== 503) return false;
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null && 'error' in body
      ? body.error === 'SERVICE_DEGRADED'
      : false;
  } catch {
    return false; // a 503 of something else
  }
}

function judgeRefusal(request: ReadyRequest, reply: Reply, judgement: Judgement): Judged {
  if (judgement.expected === 'normal') return { wrong: 'refused although Redis is up' };
  const ports = [...request.row.ports, ...portsAround(request, judgement)];
  const seconds = ports.flatMap((port) => refusalSeconds(port));
  if (seconds.length === 0) return { wrong: 'refused, which no port of the row declares' };
  if (!seconds.map(String).includes(reply.retryAfter ?? '')) {
    return { wrong: `Retry-After ${reply.retryAfter} instead of ${seconds.join(' or ')}` };
  }
  return { seen: 'refused' };
}

function refusalSeconds({ kind, retryAfterSeconds }: DeclaredPort): readonly number[] {
  if (kind === 'snapshot') return [outdatedSeconds];
  return retryAfterSeconds === undefined ? [] : [retryAfterSeconds];
}

function portsAround({ row }: ReadyRequest, { middleware }: Judgement): readonly DeclaredPort[] {
  return middleware.filter((one) => one !== row).flatMap(({ ports }) => ports);
}

interface Names {
  readonly own: readonly DeclaredPort[];
  readonly around: readonly DeclaredPort[];
  readonly expected: Expected;
}

function wrongNames({ status, named }: Reply, { own, around, expected }: Names) {
  const nameOf = ({ name, kind }: DeclaredPort): string => `${name}=${kind}`;
  const may = expected === 'normal' ? [] : [...own, ...around].map(nameOf);
  const unknown = named.filter((name) => !may.includes(name));
  if (unknown.length > 0) return `names ${unknown.join(', ')}, which is not declared`;
  const must = expected === 'degraded' ? own.map(nameOf) : [];
  const missing = must.filter((name) => !named.includes(name));
  return missing.length > 0 ? `${status} without naming ${missing.join(', ')}` : undefined;
}
