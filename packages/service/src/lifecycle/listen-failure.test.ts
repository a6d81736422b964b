import { troubleshootingRows } from '@secureconnect/testkit';
import { expect, it } from 'vitest';
import { explainListenFailure, listenExplanations } from './listen-failure.ts';

const withCode = (code: string) => Object.assign(new Error(`listen ${code}: :::80`), { code });

it.each([
  ['EADDRINUSE', 'Port 80 is in use. Stop what uses it, or set GATEWAY_PORT.'],
  [
    'EACCES',
    'Port 80 needs a right that this process lacks. Set GATEWAY_PORT to 1024 or higher, or grant CAP_NET_BIND_SERVICE.',
  ],
])('a port that is not opened for %s is one line', (code, line) => {
  expect(explainListenFailure(withCode(code), 80, 'GATEWAY_PORT')?.message).toBe(line);
});

it.each([new Error('no code'), withCode('toString'), withCode('EMFILE'), 'text', undefined])(
  'gives no line for %s',
  (error) => expect(explainListenFailure(error, 80, 'GATEWAY_PORT')).toBeUndefined(),
);

it('docs/troubleshooting.md has exactly these rows', async () => {
  expect(await troubleshootingRows('Ports')).toEqual(
    Object.entries(listenExplanations).map(([code, { problem, remedy }]) => [
      `\`${code}\``,
      `the port ${problem}`,
      remedy.replace('VARIABLE', 'the variable that the line names'),
    ]),
  );
});
