import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createLogger, createMetrics } from '@secureconnect/service';
import { freePort, liveKitKey, troubleshootingRows } from '@secureconnect/testkit';
import { expect, it } from 'vitest';
import { sfuExplanations } from './explain-sfu-failure.ts';
import { createSfuRooms } from './sfu-rooms.ts';

it('docs/troubleshooting.md has exactly the rows of LiveKit', async () => {
  expect(await troubleshootingRows('LiveKit')).toEqual(
    Object.entries(sfuExplanations).map(([code, { problem, remedy }]) => [
      `\`${code}\``,
      problem,
      remedy,
    ]),
  );
});

/** A server that answers everything with this status, as LiveKit does without a valid token. */
async function answering(status: number) {
  const server = createServer((_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ code: 'unauthenticated', msg: 'invalid token: abc' }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The lines of the log after three requests to the server of this address, which fails. */
async function linesOf(apiUrl: string): Promise<string[]> {
  const lines: string[] = [];
  const log = createLogger({ service: 'video', level: 'info', write: (line) => lines.push(line) });
  const config = { ...liveKitKey, apiUrl, url: 'wss://unused.invalid', tokenSeconds: 60 };
  const rooms = createSfuRooms(config, createMetrics(), log);
  for (let times = 0; times < 3; times += 1) {
    await expect(rooms.close('a-call')).rejects.toMatchObject({ name: 'SfuFailure' });
  }
  return lines;
}

it('a mistake about the LiveKit server is one line with what to do, however often it fails', async () => {
  await using refusing = await answering(401);
  const port = await freePort();
  const mistakes = [
    [`http://127.0.0.1:${port}`, 'the connection was refused (ECONNREFUSED). Check that'],
    ['http://nowhere.invalid', 'in SFU_API_URL, or in SFU_URL without it, or the DNS'],
    [`http://127.0.0.1:${refusing.port}`, 'was refused, or the clocks differ (HTTP_401). Correct'],
    [`https://127.0.0.1:${refusing.port}`, 'the server does not offer TLS ('],
  ] as const;
  for (const [apiUrl, words] of mistakes) {
    const [line, ...more] = await linesOf(apiUrl);
    expect(more).toEqual([]);
    expect(JSON.parse(line ?? '')).toMatchObject({
      level: 'warn',
      dependency: 'LiveKit server',
      msg: 'dependency is unavailable',
      cause: { remedy: expect.stringContaining(words) },
    });
    expect(line).toContain(`LiveKit server at ${apiUrl}: `);
    for (const secret of [liveKitKey.apiSecret, 'invalid token', '"stack"'])
      expect(line).not.toContain(secret);
  }
});
