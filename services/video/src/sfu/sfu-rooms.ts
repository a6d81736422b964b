import { counter, type Logger, OutageLog, type ServiceMetrics } from '@secureconnect/service';
import { RoomServiceClient } from 'livekit-server-sdk';
import { noteSfuRemedy } from './explain-sfu-failure.ts';
import type { SfuConfig } from './sfu-config.ts';
import { isNotFound, sfuFailure } from './sfu-failure.ts';

/** How long a request may take. */
const timeoutSeconds = 3;
/** How long LiveKit keeps a room that nobody is in; `GET …/sfu-token` creates it again. */
const emptySeconds = 120;
/** `ParticipantInfo.Kind.STANDARD`: users, as opposed to recorders and agents of the operator. */
const standardKind = 0;

const operations = [
  'create_room',
  'list_participants',
  'remove_participant',
  'delete_room',
] as const;
type Operation = (typeof operations)[number];

/** The rooms of calls at the LiveKit server. All methods throw SfuFailure if it does not answer. */
export interface SfuRooms {
  /** Creates the room of a call if it is missing; its size stays that of the first creation. */
  create(callId: string, maxParticipants: number): Promise<void>;
  /** The identities of the users in a room; none if there is no room. */
  identitiesIn(callId: string): Promise<ReadonlySet<string>>;
  /** Removes somebody if they are there. */
  remove(callId: string, identity: string): Promise<void>;
  /** Deletes a room if there is one, which disconnects everybody. */
  close(callId: string): Promise<void>;
}

/** Opens no connection. Logs when the server begins to fail, and when it answers again. */
export function createSfuRooms(config: SfuConfig, metrics: ServiceMetrics, log: Logger): SfuRooms {
  const { apiUrl, apiKey, apiSecret } = config;
  // Failover is for LiveKit's own cloud: it asks an address of theirs for other regions.
  const options = { requestTimeout: timeoutSeconds, failover: false };
  const client = new RoomServiceClient(apiUrl, apiKey, apiSecret, options);
  const requests = counter(metrics, {
    name: 'video_sfu_requests_total',
    help: 'Requests to the LiveKit server, by operation and outcome',
    labelNames: ['operation', 'outcome'],
  });
  for (const operation of operations) {
    for (const outcome of ['done', 'failed']) requests.inc({ operation, outcome }, 0);
  }
  const outages = new OutageLog({ log, fields: { dependency: 'LiveKit server' } });
  const send = async <Reply>(
    operation: Operation,
    request: () => Promise<Reply>,
  ): Promise<Reply | undefined> => {
    try {
      const reply = await request();
      requests.inc({ operation, outcome: 'done' });
      outages.worked();
      return reply;
    } catch (error) {
      const outcome = isNotFound(error) ? 'done' : 'failed';
      requests.inc({ operation, outcome });
      if (outcome === 'done') {
        outages.worked();
        return undefined;
      }
      const failure = noteSfuRemedy(sfuFailure(error), config);
      outages.failed(failure, { operation });
      throw failure;
    }
  };
  return {
    async create(name, maxParticipants) {
      const timeouts = { emptyTimeout: emptySeconds, departureTimeout: emptySeconds };
      await send('create_room', () => client.createRoom({ name, maxParticipants, ...timeouts }));
    },
    async identitiesIn(room) {
      const found = await send('list_participants', () => client.listParticipants(room));
      const users = (found ?? []).filter(({ kind }) => Number(kind) === standardKind);
      return new Set(users.map(({ identity }) => identity));
    },
    async remove(room, identity) {
      await send('remove_participant', () => client.removeParticipant(room, identity));
    },
    async close(room) {
      await send('delete_room', () => client.deleteRoom(room));
    },
  };
}
