import { Duplex } from 'node:stream';
import { expect, it } from 'vitest';
import { holdWrites, releaseWrites } from './turn-writes.ts';

/** A socket, and what each call of the operating system gets. */
function socketOf() {
  const calls: string[] = [];
  const socket = new Duplex({
    read: () => undefined,
    write(chunk, _encoding, done) {
      calls.push(String(chunk));
      done();
    },
    writev(chunks, done) {
      calls.push(chunks.map(({ chunk }) => String(chunk)).join('+'));
      done();
    },
  });
  return { socket, calls };
}

const endOfTurn = () => new Promise(setImmediate);

it('writes of one turn leave together, in their order, those of the next turn apart', async () => {
  const [one, other] = [socketOf(), socketOf()];
  for (const text of ['a', 'b', 'c']) {
    for (const { socket } of [one, other]) {
      holdWrites(socket);
      socket.write(text);
    }
  }
  expect(one.calls).toEqual([]);
  await endOfTurn();
  holdWrites(one.socket);
  one.socket.write('d');
  await endOfTurn();
  expect([one.calls, other.calls]).toEqual([['a+b+c', 'd'], ['a+b+c']]);
  expect(one.socket.writableCorked).toBe(0);
});

it('writes that promises of one turn make leave together', async () => {
  const { socket, calls } = socketOf();
  const stored = Promise.withResolvers<void>();
  const told = ['a', 'b', 'c'].map(async (text) => {
    await stored.promise;
    holdWrites(socket);
    await Promise.resolve();
    socket.write(text);
  });
  stored.resolve();
  await Promise.all(told);
  await endOfTurn();
  expect(calls).toEqual(['a+b+c']);
});

it('held writes can leave at once, and a closed socket holds nothing up', async () => {
  const [one, closed] = [socketOf(), socketOf()];
  holdWrites(closed.socket);
  holdWrites(one.socket);
  one.socket.write('a');
  releaseWrites(one.socket);
  expect(one.calls).toEqual(['a']);
  closed.socket.destroy();
  one.socket.write('b');
  expect(one.calls).toEqual(['a', 'b']);
  await endOfTurn();
  releaseWrites(one.socket);
  expect(one.socket.writableCorked).toBe(0);
});
