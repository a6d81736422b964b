import { describe, expect, it } from 'vitest';
import { createLogger } from './logger.ts';

const linesOf = (act: (log: ReturnType<typeof createLogger>) => void): string[] => {
  const lines: string[] = [];
  act(createLogger({ service: 'a-service', level: 'info', write: (line) => lines.push(line) }));
  return lines;
};

describe('createLogger', () => {
  it('writes one JSON line an event, with the service and a time', () => {
    const [line = '', ...more] = linesOf((log) => log.info({ port: 1 }, 'listening'));
    expect(more).toEqual([]);
    expect(JSON.parse(line)).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-.*Z$/),
      service: 'a-service',
      port: 1,
      msg: 'listening',
    });
  });

  it.each([
    'password',
    'new_password',
    'token',
    'access_token',
    'refresh_token',
    'authorization',
    'cookie',
    'secret',
  ])('hides %s, at the top and up to two objects down', (name) => {
    const lines = linesOf((log) => {
      log.warn({ [name]: 'hunter2' }, 'top');
      log.warn({ body: { [name]: 'hunter2' } }, 'one down');
      log.warn({ request: { headers: { [name]: 'hunter2' } } }, 'two down');
      log.warn({ err: Object.assign(new Error('x'), { config: { [name]: 'hunter2' } }) }, 'error');
    });
    expect(lines).toHaveLength(4);
    for (const line of lines) {
      expect(line).not.toContain('hunter2');
      expect(line).toContain('[redacted]');
    }
  });
});
