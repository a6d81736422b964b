#!/usr/bin/env bash
# Alertmanager 0.25.0 tells a webhook "firing", "resolved", and "firing" again of one alert, each time
# with the same startsAt. So a receiver cannot take a firing with the startsAt of one that it has
# closed for a delivery that came late, nor startsAt for the name of one occurrence:
# - lost: Prometheus says until when an alert fires (endsAt). Where it cannot say more in time,
#   Alertmanager resolves the alert, and it fires on with its startsAt when Prometheus is back.
# - seen: of two Prometheus one sees the end, and Alertmanager resolves the alert. The other one still
#   sends its own firing, which began later, and is merged with the one before: its startsAt is that
#   of the first.
# Needs Node 20, and prometheus-alertmanager or alertmanager on PATH.
set -euo pipefail

folder=$(mktemp -d)
server=
clean_up() {
  if [[ -n $server ]]; then
    kill "$server" || true
    wait "$server" || true
  fi
  rm -rf "$folder"
}
trap clean_up EXIT

program=$(command -v prometheus-alertmanager || command -v alertmanager)
"$program" --version 2>&1 | head -n 1
read -r api hook < <(node -e '
const net = require("net");
const all = [0, 0].map(() => net.createServer().listen(0, "127.0.0.1"));
Promise.all(all.map((one) => new Promise((ok) => one.once("listening", ok)))).then(() => {
  console.log(all.map((one) => one.address().port).join(" "));
  for (const one of all) one.close();
});')

cat >"$folder/config.yml" <<CONFIG
route: { receiver: hook, group_by: [alertname], group_wait: 100ms, group_interval: 1s, repeat_interval: 1h }
receivers:
  - name: hook
    webhook_configs: [{ url: "http://127.0.0.1:$hook/" }]
CONFIG
"$program" --config.file="$folder/config.yml" --storage.path="$folder/data" \
  --web.listen-address="127.0.0.1:$api" --cluster.listen-address= >"$folder/log" 2>&1 &
server=$!

cat >"$folder/ask.mjs" <<'SCRIPT'
import { createServer } from 'node:http';

const [api, hook] = process.argv.slice(2);
const said = [];
const receiver = createServer((request, response) => {
  let body = '';
  request.on('data', (data) => { body += data; });
  request.on('end', () => { said.push(...JSON.parse(body).alerts); response.end(); });
}).listen(Number(hook), '127.0.0.1');

const until = async (isSo, what) => {
  for (let attempt = 0; attempt < 300; attempt += 1) {
    if (await isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${what} did not come`);
};
const post = (...alerts) =>
  fetch(`http://127.0.0.1:${api}/api/v2/alerts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(alerts),
  });
const time = (seconds) => new Date(Date.now() + seconds * 1000).toISOString();
const [began, later] = [time(-60), time(-50)];
const alert = (alertname, startsAt, endsAt) => ({ labels: { alertname }, startsAt, endsAt });

await until(() => fetch(`http://127.0.0.1:${api}/-/ready`).then((reply) => reply.ok, () => false), 'Alertmanager');
await post(alert('lost', began, time(2)));
await until(() => said.length === 2, 'the end of what was lost');
await post(alert('lost', began, time(60)));
await until(() => said.length === 3, 'the second firing of what was lost');
await post(alert('seen', began, time(60)), alert('seen', later, time(60)));
await until(() => said.length === 4, 'the firing of what two see');
await post(alert('seen', began, time(0)));
await until(() => said.length === 5, 'the end of what two see');
await post(alert('seen', later, time(60)));
await until(() => said.length === 6, 'the second firing of what two see');
receiver.close();

const seen = said.map(({ status, labels, startsAt }) =>
  `${labels.alertname} ${status} ${Date.parse(startsAt) === Date.parse(began) ? 'with the first startsAt' : startsAt}`,
);
console.log(seen.join('\n'));
const known = ['lost', 'seen'].flatMap((name) =>
  ['firing', 'resolved', 'firing'].map((status) => `${name} ${status} with the first startsAt`),
);
process.exitCode = JSON.stringify(seen) === JSON.stringify(known) ? 0 : 1;
SCRIPT
node "$folder/ask.mjs" "$api" "$hook"
