import { expect, it } from 'vitest';
import { steady } from './steady.ts';

it.each(['172.18.0.9', '192.168.176.9', '10.213.250.50'])(
  'an output does not tell the network that Docker has chosen: %s',
  (address) => {
    const label = (at: string) =>
      `{"metric":{"instance":"${at}:8080"},"value":[1795880000.12,"0"]}`;
    expect(steady(label(address))).toBe(label('172.20.0.2').replace('1795880000.12', '1767268800'));
  },
);
