import { declared } from '../declared.ts';
import type { Operation } from '../history.ts';
import type { Invariant } from './invariant.ts';
import { inWords } from './replies.ts';

/** What the rows declare: `failOpen.snapshot({ maxStalenessSeconds: 60 })`. */
const maxStalenessMs = 60_000;

/** Judges requests with the tokens of sessions that were ended before, as a reply confirmed. */
export const revocations: Invariant = {
  name: 'a revoked token is accepted by no fail-closed row, and by others for 60 s at most',
  judge({ operations }) {
    const broken: string[] = [];
    let probes = 0;
    let latest = { lateMs: 0, text: 'none accepted' };
    for (const operation of operations) {
      const { name, status, startMs, facts } = operation;
      if (facts.revokedAtMs === undefined || startMs < facts.revokedAtMs) continue;
      probes += 1;
      if (status < 200 || status > 299) continue;
      const lateMs = startMs - facts.revokedAtMs;
      if (lateMs >= latest.lateMs) latest = { lateMs, text: latestText(lateMs, operation) };
      const tolerated = declared[name].refusal === undefined && lateMs <= maxStalenessMs;
      if (!tolerated)
        broken.push(`${lateMs.toFixed(0)} ms after the end of the session, ${inWords(operation)}`);
    }
    return { broken, judged: probes, seen: `${probes} probes, ${latest.text}` };
  },
};

function latestText(lateMs: number, { name, instance }: Operation): string {
  return `accepted up to ${lateMs.toFixed(0)} ms later (${name} at ${instance})`;
}
