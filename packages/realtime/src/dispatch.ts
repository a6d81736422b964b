import { type DegradedMode, DegradedRefusal, type Outcomes } from '@secureconnect/degraded-mode';
import {
  ApiError,
  type BoundMessages,
  errorForClient,
  type Logger,
  validate,
} from '@secureconnect/service';
import type { Connection } from './connection.ts';
import type { FrameLimits } from './frame-limits.ts';
import { readFrame } from './read-frame.ts';

/** Everything that serving the frames of one socket needs. */
export interface FrameTarget<C> {
  readonly connection: Connection;
  readonly messages: BoundMessages<C>;
  readonly context: C;
  readonly log: Logger;
  readonly limits: FrameLimits;
  readonly mode: DegradedMode | undefined;
  /** Whether its session goes on; it is closed where not. Rejects where that cannot be told. */
  mayGoOn(): Promise<boolean>;
}

/** What became of a frame. */
export interface Answer {
  /** What its sender is told; nothing where the row has no answer. */
  readonly frame: object | undefined;
  /** Whether it was refused for the rate at which the sender sends. */
  readonly tooFast: boolean;
}

/** Serves one frame of a client by its row. Never rejects: an error is an answer too. */
export async function answerFrame<C>(text: string, target: FrameTarget<C>): Promise<Answer> {
  const { connection, limits, log, mode } = target;
  let id: string | undefined;
  try {
    if (!limits.takeFrame(connection.userId, connection.id)) throw tooFast();
    const frame = readFrame(text);
    id = frame.id;
    if (!limits.takeType(connection.userId, frame.type)) throw tooFast();
    if (!(await target.mayGoOn())) return { frame: undefined, tooFast: false };
    const { answer, outcomes } = await runRow(frame.type, 'client', frame.value, target);
    // Who named the frame wants to know what became of it.
    const reply = answer ?? (id === undefined ? undefined : { type: 'ack' });
    return { frame: reply && withOutcomes(withId(reply, id), outcomes), tooFast: false };
  } catch (error) {
    const told = errorForClient(error, log, mode);
    const isTooFast = told instanceof ApiError && told.code === 'RATE_LIMITED';
    return { frame: withId(errorFrame(told), id), tooFast: isTooFast };
  }
}

/**
 * Runs a row whose frame the service itself sends. Rejects with what the handler throws, and when
 * the frame is not what the row says.
 */
export async function raise<C>(type: string, frame: object, target: FrameTarget<C>): Promise<void> {
  await runRow(type, 'server', frame, target);
}

async function runRow<C>(
  type: string,
  sentBy: 'client' | 'server',
  value: object,
  { messages, connection, context, log }: FrameTarget<C>,
): Promise<{ readonly answer: object | undefined; readonly outcomes: Outcomes }> {
  const bound = messages.get(type);
  if (bound === undefined || bound.route.sentBy !== sentBy) throw unknownType(messages, sentBy);
  const { route, binding } = bound;
  const frame = validate('frame', route.frame, value);
  const { ports, outcomes } = binding.begin();
  binding.requireOpen();
  const message = { user: connection.user, frame, socket: connection, context, log };
  return { answer: await route.handle(message, ports), outcomes };
}

function tooFast(): ApiError {
  return new ApiError('RATE_LIMITED', 'Too many frames in a minute; wait before you send more.');
}

function unknownType<C>(messages: BoundMessages<C>, sentBy: 'client' | 'server'): ApiError {
  const known = [...messages.values()].filter(({ route }) => route.sentBy === sentBy);
  const types = known.map(({ route }) => JSON.stringify(route.type)).join(' or ');
  return new ApiError('VALIDATION_ERROR', `frame.type expected ${types}`);
}

function errorFrame(error: ApiError | DegradedRefusal): object {
  const code = error instanceof DegradedRefusal ? error.body.error : error.code;
  return { type: 'error', code, message: error.message };
}

function withId(frame: object, id: string | undefined): object {
  return id === undefined ? frame : { ...frame, id };
}

function withOutcomes(frame: object, outcomes: Outcomes): object {
  return outcomes.isEmpty ? frame : { ...frame, meta: { degraded: outcomes.list() } };
}
