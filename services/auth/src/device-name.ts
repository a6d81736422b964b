import Bowser from 'bowser';

/**
 * A name for the device of a `User-Agent`, such as "Firefox on Linux"; null if it tells nothing.
 * It is a hint for the owner of the account: clients choose their `User-Agent` freely.
 */
export function deviceNameOf(agent: string | null): string | null {
  if (agent === null || agent === '') return null;
  const parser = Bowser.getParser(agent);
  const browser = parser.getBrowserName();
  const system = parser.getOSName();
  if (browser === '') return system === '' ? null : system;
  return system === '' ? browser : `${browser} on ${system}`;
}
