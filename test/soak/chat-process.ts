import { join } from 'node:path';
import { freePort, ServiceProcess } from '@secureconnect/testkit';

/** One instance of chat in a process of its own, so that its memory can be told from the load's. */
export interface ChatProcess extends AsyncDisposable {
  readonly url: string;
  /** Memory that it holds now, in bytes (VmRSS of /proc, Linux). */
  memoryBytes(): number;
  /** Lines of its log at `warn` and above. */
  readonly complaints: readonly string[];
}

const main = join(import.meta.dirname, '../../services/chat/src/main.ts');

/** Starts it with these variables and waits until it is ready. */
export async function startChatProcess(environment: NodeJS.ProcessEnv): Promise<ChatProcess> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const complaints: string[] = [];
  const service = new ServiceProcess({
    main,
    url,
    environment: { ...process.env, LOG_LEVEL: 'warn', CHAT_PORT: String(port), ...environment },
    onOutput: (text) => complaints.push(text),
    readyWithinMs: 20_000,
  });
  try {
    await service.start();
  } catch (error) {
    throw new Error(`chat did not start: ${complaints.join('')}`, { cause: error });
  }
  return {
    url,
    complaints,
    memoryBytes: () => service.memoryBytes(),
    [Symbol.asyncDispose]: () => service.end('SIGTERM'),
  };
}
