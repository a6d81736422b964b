import { CannotLook } from '../outcome.ts';
import { type Answer, askHttp } from '../support/ask-http.ts';
import { reasonOf } from '../support/reason-of.ts';

const tooManyRequests = 429;

/** Everything that the checks of the gateway look at; each answer is a text if there was none: why. */
export interface GatewaySurvey {
  readonly url: string;
  readonly ready: Answer | string;
  readonly health: Answer | string;
  readonly metrics: Answer | string;
  /** What `GET /v1/degraded?fleet=true` says; undefined if it says nothing that can be read. */
  readonly fleet: Fleet | undefined;
}

export interface Fleet {
  readonly instances: readonly FleetInstance[];
}

export interface FleetInstance {
  readonly service: string;
  readonly state: 'normal' | 'degraded' | 'unreachable';
  readonly reason: string | undefined;
  readonly isInDrill: boolean;
}

/** Asks the gateway as any client could. Throws CannotLook if no address of it was given. */
export async function surveyGateway(url: string | undefined): Promise<GatewaySurvey> {
  if (url === undefined) throw new CannotLook('no gateway was named; give its address by --url');
  const ask = async (path: string): Promise<Answer | string> => {
    try {
      return await askHttp(`${url}${path}`);
    } catch (error) {
      return reasonOf(error);
    }
  };
  const [ready, health, metrics, degraded] = await Promise.all([
    ask('/ready'),
    ask('/health'),
    ask('/metrics'),
    ask('/v1/degraded?fleet=true'),
  ]);
  const limited = [health, degraded, metrics].find(isLimited);
  if (limited !== undefined) {
    throw new CannotLook(
      'the gateway limits this address for now (429); run the doctor in a minute',
    );
  }
  const fleet = typeof degraded === 'string' ? undefined : readFleet(degraded.json());
  return { url, ready, health, metrics, fleet };
}

function isLimited(answer: Answer | string): boolean {
  return typeof answer !== 'string' && answer.status === tooManyRequests;
}

type Fields = Readonly<Record<string, unknown>>;

/** The fields of a JSON object; none of anything else. */
export function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

function readFleet(body: unknown): Fleet | undefined {
  const { fleet } = fieldsOf(fieldsOf(body)['data']);
  const { instances } = fieldsOf(fleet);
  if (!Array.isArray(instances)) return undefined;
  return { instances: instances.map(fieldsOf).map(readInstance) };
}

function readInstance(fields: Fields): FleetInstance {
  const { drill_ends_at: drillEndsAt, port_drills: portDrills, reason, service, state } = fields;
  return {
    service: String(service),
    state: state === 'normal' || state === 'degraded' ? state : 'unreachable',
    reason: typeof reason === 'string' ? reason : undefined,
    isInDrill: drillEndsAt !== undefined || Object.keys(fieldsOf(portDrills)).length > 0,
  };
}
