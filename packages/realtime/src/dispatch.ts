import {
  type DegradedMode,
  DegradedRefusal,
  type FallbacksUsed,
} from '@secureconnect/degraded-mode';
import {
  ApiError,
  activeTracing,
  type BoundMessages,
  errorForClient,
  type Identity,
  type Logger,
  type MessageOf,
  validate,
} from '@secureconnect/service';
import type { Connection } from './connection.ts';
import type { FrameLimits } from './frame-limits.ts';
import { readFrame } from './read-frame.ts';

/** The dependencies for serving the frames of one socket. */
export interface FrameTarget<C> {
  readonly connection: Connection;
  readonly messages: BoundMessages<C>;
  readonly context: C;
  readonly log: Logger;
  readonly limits: FrameLimits;
  readonly mode: DegradedMode | undefined;
  /** Whether its session is still valid; closes the socket if not. Rejects if that is unknown. */
  mayGoOn(): Promise<boolean>;
}

/** The result of a frame. */
export interface Answer {
  /** The reply to the sender; undefined if the row has none. */
  readonly frame: object | undefined;
  /** Whether it was refused because the sender exceeds its rate. */
  readonly tooFast: boolean;
}

/** Serves one frame of a client by its row. Never rejects: an error becomes a reply. */
export async function answerFrame<C>(text: string, target: FrameTarget<C>): Promise<Answer> {
  const { connection, limits, mode } = target;
  let id: string | undefined;
  try {
    if (!limits.takeFrame(connection.userId, connection.id)) throw tooFast();
    const frame = readFrame(text);
    id = frame.id;
    if (!limits.takeType(connection.userId, frame.type)) throw tooFast();
    if (!(await target.mayGoOn())) return { frame: undefined, tooFast: false };
    const { answer, outcomes } = await runTraced(frame.type, frame.value, target);
    // A frame with an `id` always gets a reply.
    const reply = answer ?? (id === undefined ? undefined : { type: 'ack' });
    return { frame: reply && withOutcomes(withId(reply, id), outcomes), tooFast: false };
  } catch (error) {
    const told = errorForClient(error, target.log, mode);
    const isTooFast = told instanceof ApiError && told.code === 'RATE_LIMITED';
    return { frame: withId(errorFrame(told), id), tooFast: isTooFast };
  }
}

/**
 * Runs a row with a frame from the service itself. Rejects with the handler's error, or if the
 * frame does not match the row.
 */
export async function raise<C>(type: string, frame: object, target: FrameTarget<C>): Promise<void> {
  await runRow(type, 'server', frame, target);
}

/** A trace for each frame: its socket may live for days. */
function runTraced<C>(
  type: string,
  value: object,
  target: FrameTarget<C>,
): ReturnType<typeof runRow<C>> {
  const run = () => runRow(type, 'client', value, target);
  const tracing = activeTracing();
  if (tracing === undefined || !target.messages.has(type)) return run();
  const attributes = { 'messaging.operation.name': type };
  return tracing.within(`frame ${type}`, { kind: 'server', attributes, isRoot: true }, run);
}

async function runRow<C>(
  type: string,
  sentBy: 'client' | 'server',
  value: object,
  target: FrameTarget<C>,
): Promise<{ readonly answer: object | undefined; readonly outcomes: FallbacksUsed }> {
  const { messages } = target;
  const bound = messages.get(type);
  if (bound === undefined || bound.route.sentBy !== sentBy) throw unknownType(messages, sentBy);
  const { route, binding } = bound;
  const frame = validate('frame', route.endpoint.frame, value);
  const { ports, fallbacksUsed: outcomes } = binding.begin();
  binding.requireOpen();
  return { answer: await route.handle(new ReceivedMessage(target, frame), ports), outcomes };
}

/**
 * What the handler of a frame gets. A class, because an object literal with a getter has a hidden
 * class of its own each time, which keeps the frame until a major garbage collection.
 */
class ReceivedMessage<C> implements MessageOf<unknown, C, Connection> {
  readonly user: Identity;
  readonly frame: unknown;
  readonly socket: Connection;
  readonly context: C;
  readonly #target: FrameTarget<C>;

  constructor(target: FrameTarget<C>, frame: unknown) {
    this.user = target.connection.user;
    this.frame = frame;
    this.socket = target.connection;
    this.context = target.context;
    this.#target = target;
  }

  /** That of the socket, which is created at its first use. */
  get log(): Logger {
    return this.#target.log;
  }
}

function tooFast(): ApiError {
  return new ApiError('RATE_LIMITED', 'Too many frames in a minute; wait before you send more.');
}

function unknownType<C>(messages: BoundMessages<C>, sentBy: 'client' | 'server'): ApiError {
  const known = [...messages.values()].filter(({ route }) => route.sentBy === sentBy);
  const types = known.map(({ route }) => JSON.stringify(route.endpoint.type)).join(' or ');
  return new ApiError('VALIDATION_ERROR', `frame.type expected ${types}`);
}

function errorFrame(error: ApiError | DegradedRefusal): object {
  const code = error instanceof DegradedRefusal ? error.body.error : error.code;
  return { type: 'error', code, message: error.message };
}

function withId(frame: object, id: string | undefined): object {
  return id === undefined ? frame : { ...frame, id };
}

function withOutcomes(frame: object, outcomes: FallbacksUsed): object {
  return outcomes.isEmpty ? frame : { ...frame, meta: { degraded: outcomes.list() } };
}
