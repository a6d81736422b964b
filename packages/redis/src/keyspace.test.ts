import { describe, expect, it } from 'vitest';
import {
  createKeyspace,
  defaultKeyPrefix,
  keyPrefixPattern,
  oneOfEach,
  shardCount,
} from './keyspace.ts';

const keys = createKeyspace('mine:');

/** What a cluster hashes of a key: what is between the first `{` and the next `}`, if anything. */
function hashed(key: string): string {
  const open = key.indexOf('{');
  const close = key.indexOf('}', open + 1);
  return open >= 0 && close > open + 1 ? key.slice(open + 1, close) : key;
}

describe('the keyspace', () => {
  it('has everything under its prefix', () => {
    const all = [...oneOfEach(keys, 'x'), keys.channel('chat', 'x')];
    expect(keys.prefix).toBe('mine:');
    expect(all.filter((key) => !key.startsWith('mine:'))).toEqual([]);
    expect(new Set(all).size).toBe(all.length);
  });

  it('has a probe key of every kind', () => {
    const kinds = Object.keys(keys).filter(
      (name) => !['prefix', 'limitShard', 'channel', 'isChannelOf'].includes(name),
    );
    const probed = new Set(oneOfEach(keys, 'x').map((key) => key.split(':')[1]));
    expect(probed.size).toBe(kinds.length);
  });

  it('keeps the channels of services apart', () => {
    expect(keys.isChannelOf('chat', keys.channel('chat', 'room'))).toBe(true);
    expect(keys.isChannelOf('chat', keys.channel('video', 'room'))).toBe(false);
    expect(keys.isChannelOf('chat', createKeyspace('other:').channel('chat', 'room'))).toBe(false);
  });

  it.each(['PodCrashing', '', '}', '{}', 'a}b{c', '{a}', '%', '💥', '\uD800'])(
    'gives the keys of one script one hash tag, whatever %o is in it',
    (name) => {
      for (const together of [keys.storm(name), keys.presence(name), keys.probe(name)]) {
        expect(new Set(Object.values(together).map(hashed)).size).toBe(1);
      }
    },
  );

  it('keeps different names apart', () => {
    const names = ['', '%', '%25', '}', '{', '%7d', '{}', 'a', 'a}', 'a}b'];
    expect(new Set(names.map((name) => keys.storm(name).fired)).size).toBe(names.length);
  });

  it('spreads limits and rooms over shards, each with a hash tag of its own', () => {
    const subjects = Array.from({ length: 2000 }, (_, index) => `user:${index}`);
    const tags = new Set(subjects.map((subject) => hashed(keys.limit(subject))));
    expect(tags.size).toBe(shardCount);
    for (const subject of subjects.slice(0, 50)) {
      expect(hashed(keys.limit(subject))).toBe(String(keys.limitShard(subject)));
      expect(hashed(keys.channel('chat', subject))).toBe(String(keys.limitShard(subject)));
    }
    // A room's own braces come after the tag.
    expect(hashed(keys.channel('chat', 'a{b}c'))).toMatch(/^\d+$/);
  });
});

describe('a prefix', () => {
  it.each([defaultKeyPrefix, 'a:', 'sc:staging:', 'team-1.sc_2:'])('may be %s', (prefix) => {
    expect(prefix).toMatch(keyPrefixPattern);
  });

  it.each([
    '',
    ':',
    'a',
    'a::',
    ':a:',
    'a*:',
    'a?:',
    '[a]:',
    '{a}:',
    'a b:',
    'ä:',
    'a:\n',
    `${'a'.repeat(64)}:`,
  ])('may not be %o', (prefix) => {
    expect(prefix).not.toMatch(keyPrefixPattern);
  });
});
