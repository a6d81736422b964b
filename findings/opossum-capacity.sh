#!/usr/bin/env bash
# opossum 9.0.0: calls beyond `capacity`, which it rejects itself with ESEMLOCKED, count as failures of
# the action. So a burst of calls opens the circuit of a dependency that has answered every call that
# it got, and no further call reaches it until `resetTimeout` is over. A bulkhead of cockatiel 4.0.0
# around a circuit breaker rejects as many of the burst, and leaves the circuit closed.
# Needs Node 20 with npm.
set -euo pipefail

opossum_version=9.0.0
cockatiel_version=4.0.0
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

npm install --silent --no-save --prefix "$folder" "opossum@$opossum_version" "cockatiel@$cockatiel_version" >/dev/null
echo "opossum $opossum_version, cockatiel $cockatiel_version"

cat >"$folder/burst.mjs" <<'SCRIPT'
import { bulkhead, CircuitState, circuitBreaker, ConsecutiveBreaker, handleAll, wrap } from 'cockatiel';
import CircuitBreaker from 'opossum';

setTimeout(() => process.exit(2), 30_000).unref(); // whatever hangs
const atOnce = 2;
const burst = 6;

/** Sends the burst to a dependency that answers, and then one call more. */
async function meet(name, fire, isOpen) {
  let answered = 0;
  const action = async () => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    answered += 1;
  };
  const call = () => fire(action).then(() => 'ok', (error) => error.code ?? error.constructor.name);
  const outcomes = await Promise.all(Array.from({ length: burst }, call));
  const rejected = outcomes.filter((outcome) => outcome !== 'ok');
  const next = await call();
  const seen = { answered, rejected: rejected.length, as: rejected[0], isOpen: isOpen(), next };
  console.log(name, JSON.stringify(seen));
  return `${rejected.length} ${seen.isOpen} ${next}`;
}

const opossum = new CircuitBreaker((action) => action(), {
  capacity: atOnce,
  errorThresholdPercentage: 50,
  resetTimeout: 60_000,
});
const ofOpossum = await meet('opossum  ', (action) => opossum.fire(action), () => opossum.opened);
opossum.shutdown();

const breaker = circuitBreaker(handleAll, { halfOpenAfter: 60_000, breaker: new ConsecutiveBreaker(2) });
const cockatiel = wrap(bulkhead(atOnce), breaker);
const ofCockatiel = await meet(
  'cockatiel',
  (action) => cockatiel.execute(action),
  () => breaker.state === CircuitState.Open,
);
process.exitCode = ofOpossum === '4 true EOPENBREAKER' && ofCockatiel === '4 false ok' ? 0 : 1;
SCRIPT
node "$folder/burst.mjs"
