import type { Tracing } from '@secureconnect/service';
import type { Redis } from 'ioredis';

/** A client of any class of ioredis. */
type Sender = Pick<Redis, 'sendCommand'>;

/** Each command of a request becomes a span of its trace; those of probes belong to none. */
export function traceCommands(client: Sender, tracing: Tracing): void {
  const send = client.sendCommand.bind(client);
  client.sendCommand = (command, stream) => {
    if (!tracing.isActive()) return send(command, stream);
    const attributes = { 'db.system.name': 'redis', 'db.operation.name': command.name };
    const span = tracing.begin(command.name, { kind: 'client', attributes });
    command.promise.then(
      () => span.end(),
      (error: unknown) => span.end(error),
    );
    return send(command, stream);
  };
}
