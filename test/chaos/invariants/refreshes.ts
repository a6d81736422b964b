import type { Operation } from '../history.ts';
import type { Invariant } from './invariant.ts';
import { inWords } from './replies.ts';

/** So long the same token may be sent again (docs/adr/0020). */
const leewayMs = 10_000;

/** Judges refreshes that were sent again because their replies were lost. */
export const refreshes: Invariant = {
  name: 'a refresh whose reply was lost gives the same token again within 10 s',
  judge({ operations }) {
    const byId = new Map(operations.map((operation) => [operation.id, operation]));
    const retries = operations.filter(({ facts }) => facts.retryOf !== undefined);
    const broken = retries.flatMap((retry) => {
      const lost = byId.get(retry.facts.retryOf ?? '');
      const wrong = lost === undefined ? 'the first is not recorded' : whatIsWrong(lost, retry);
      return wrong === undefined ? [] : [`${wrong}; ${inWords(retry)}`];
    });
    const answered = retries.filter(({ status }) => status === 200).length;
    return {
      broken,
      judged: retries.length,
      seen: `${retries.length} sent again, ${answered} answered alike`,
    };
  },
};

function whatIsWrong(lost: Operation, retry: Operation): string | undefined {
  if (retry.status === 200 && refreshTokenOf(retry) !== refreshTokenOf(lost)) {
    return 'a second branch of the session';
  }
  // Any other status is judged by the row's declaration.
  const isInTime = retry.endMs - lost.startMs < leewayMs;
  return retry.status === 401 && isInTime ? 'the session was ended' : undefined;
}

function refreshTokenOf({ body }: Operation): unknown {
  return JSON.parse(body).data?.refresh_token;
}
