import { connect, type Socket } from 'node:net';

/** A command that a Redis was sent, or that a script of it called. */
export interface SeenCommand {
  readonly byScript: boolean;
  readonly name: string;
  readonly values: readonly string[];
}

/** Everything that a Redis is told while it is watched, in order. */
export interface RedisMonitor extends Disposable {
  readonly seen: readonly SeenCommand[];
}

/** Watches a Redis by MONITOR; what was sent before is not seen. */
export async function monitorRedis(port: number): Promise<RedisMonitor> {
  const seen: SeenCommand[] = [];
  const socket = connect(port, '127.0.0.1');
  socket.setEncoding('utf8');
  const started = untilFirstLine(socket);
  let rest = '';
  socket.on('data', (text: string) => {
    const lines = `${rest}${text}`.split('\r\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const command = parse(line);
      if (command !== undefined) seen.push(command);
    }
  });
  socket.write('MONITOR\r\n');
  await started;
  return { seen, [Symbol.dispose]: () => socket.destroy() };
}

function untilFirstLine(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('data', () => resolve());
    socket.once('error', reject);
  });
}

/** `+1.2 [0 127.0.0.1:5] "get" "key"`; a script's commands are of `[0 lua]`. */
function parse(line: string): SeenCommand | undefined {
  const origin = /^\+[\d.]+ \[\d+ (\S+)\] /.exec(line);
  if (origin === null) return undefined;
  const words = [...line.slice(origin[0].length).matchAll(/"((?:[^"\\]|\\.)*)"/g)];
  const [name = '', ...values] = words.map(([, word = '']) => word.replace(/\\(["\\])/g, '$1'));
  return { byScript: origin[1] === 'lua', name: name.toLowerCase(), values };
}
