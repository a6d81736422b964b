// Run by `helm test`, in the image of the gateway: the gateway must be ready and reach every service,
// and declared routes must answer as they declare. That Redis is down is said, and is no failure.
const gateway = process.env.GATEWAY_URL;
const services = ['gateway', 'auth', 'chat', 'video', 'storage'];
const timeoutMs = 10_000;

/** Prints the outcome; a failure ends the process with 1, once all have been tried. */
function report(name, problem) {
  console.log(problem === undefined ? `passed: ${name}` : `FAILED: ${name}: ${problem}`);
  if (problem !== undefined) process.exitCode = 1;
}

/** The reply to GET, or why there is none. */
async function ask(path) {
  try {
    const reply = await fetch(new URL(path, gateway), { signal: AbortSignal.timeout(timeoutMs) });
    return { status: reply.status, text: await reply.text() };
  } catch (error) {
    return { status: undefined, problem: error.cause?.message ?? error.message };
  }
}

async function expectStatus(path, status, meaning) {
  const { status: actual, problem } = await ask(path);
  const found = problem ?? `answered ${actual}; expected ${status}`;
  report(`GET ${path} (${meaning})`, actual === status ? undefined : found);
}

/** Every instance of every service, as the gateway sees them. */
async function expectFleet() {
  const { status, text, problem } = await ask('/v1/degraded?fleet=true');
  if (status !== 200) return report('the fleet', problem ?? `answered ${status}; expected 200`);
  const { instances } = JSON.parse(text).data.fleet;
  for (const service of services) {
    const states = instances.filter((each) => each.service === service).map(({ state }) => state);
    const counts = [...new Set(states)]
      .map((state) => `${states.filter((each) => each === state).length} ${state}`)
      .join(', ');
    const isReached = states.length > 0 && !states.includes('unreachable');
    const name = `${service}: ${counts || 'no instance'}`;
    report(name, isReached ? undefined : 'the gateway does not reach all of its instances');
  }
}

await expectStatus('/ready', 200, 'the gateway reaches its database');
await expectFleet();
await expectStatus('/.well-known/jwks.json', 200, 'auth answers through the gateway');
await expectStatus('/v1/users/me', 401, 'a route that needs a token refuses without one');
