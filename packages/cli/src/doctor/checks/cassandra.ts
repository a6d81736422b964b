import type { Check } from '../check.ts';
import { fail, type Problem, skipped, verdict, warn } from '../outcome.ts';

/** chat writes and reads at LOCAL_QUORUM: of fewer copies, the loss of one stops it. */
const minCopies = 3;

/** Messages in Cassandra outlive the loss of a node, and are written without it. */
export const cassandraCheck: Check = {
  name: 'cassandra',
  finds: 'a Cassandra that does not answer, has nodes down, or keeps fewer than three copies',
  source: 'https://cassandra.apache.org/doc/latest/cassandra/architecture/dynamo.html',
  async run(deployment) {
    const survey = await deployment.cassandra();
    const { copies, isDurable, keyspace, nodes, nodesUp, reason } = survey;
    if (reason !== undefined) {
      const action = 'Start it, or correct CASSANDRA_CONTACT_POINTS and CASSANDRA_PASSWORD.';
      return fail(reason, 'an answer of Cassandra', action);
    }
    if (copies === undefined) {
      return skipped(`there is no keyspace ${keyspace}, or no right to see it; run the migrations`);
    }
    const problems = copiesOf(keyspace, copies);
    if (nodesUp < nodes) {
      const found = `${nodes - nodesUp} of ${nodes} nodes in this data centre are down`;
      problems.push(warn(found, 'all nodes up', 'Start them: see nodetool status.'));
    }
    if (!isDurable) {
      const action = `Run ALTER KEYSPACE ${keyspace} WITH durable_writes = true.`;
      problems.push(fail('durable_writes is off: a crash loses messages', 'true', action));
    }
    return verdict(problems, `${copies} copies on ${nodes} nodes, all up`);
  },
};

function copiesOf(keyspace: string, copies: number): Problem[] {
  if (copies >= minCopies) return [];
  const action =
    'Raise the replication of the keyspace (ALTER KEYSPACE), then run nodetool repair.';
  const expected = `${minCopies} copies in the data centre of chat`;
  if (copies <= 1) {
    return [
      fail(
        `${keyspace} has ${copies} copy of each message: a lost disk loses it`,
        expected,
        action,
      ),
    ];
  }
  return [warn(`${keyspace} has ${copies} copies: one lost node stops writes`, expected, action)];
}
