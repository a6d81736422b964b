import type { Invariant } from './invariant.ts';
import { inWords } from './replies.ts';

/** Recovery codes have letters and hyphens. */
const isOfApp = (factorCode = ''): boolean => / \d{6}$/.test(factorCode);

/** Judges the codes of second factors, each of which is sent several times. */
export const codes: Invariant = {
  name: 'no code of a second factor is accepted twice',
  judge({ operations }) {
    const uses = operations.filter(({ facts }) => facts.factorCode !== undefined);
    const byCode = [...Map.groupBy(uses, ({ facts }) => facts.factorCode).values()];
    const accepted = byCode.map((sent) => sent.filter(({ status }) => status === 200));
    const broken = accepted
      .filter((times) => times.length > 1)
      .map((times) => `accepted ${times.length} times; ${times.map(inWords).join('; ')}`);
    const known = accepted.filter((times) => times.length > 0);
    const ofApp = known.filter(([use]) => isOfApp(use?.facts.factorCode)).length;
    const seen = `${byCode.length} codes sent ${uses.length} times, ${known.length} accepted, ${ofApp} of them of an app`;
    return { broken, judged: known.length, seen };
  },
};
