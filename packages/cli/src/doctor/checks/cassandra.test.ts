import { cassandraSkipReason, sharedCassandra } from '@secureconnect/testkit';
import { Client } from 'cassandra-driver';
import { describe, expect, it } from 'vitest';
import type { CassandraSurvey } from '../cassandra/survey.ts';
import { openDeployment } from '../deployment.ts';
import { cassandraCheck } from './cassandra.ts';

const healthy: CassandraSurvey = {
  ...{ reason: undefined, keyspace: 'chat', copies: 3, isDurable: true, nodes: 3, nodesUp: 3 },
};
const look = (survey: Partial<CassandraSurvey>) =>
  cassandraCheck.run({
    ...openDeployment({}, undefined),
    cassandra: async () => ({ ...healthy, ...survey }),
  });

describe('the check of Cassandra', () => {
  it.each([
    [{}, 'ok'],
    [{ copies: 2 }, 'warn'],
    [{ copies: 1 }, 'fail'],
    [{ copies: 0 }, 'fail'],
    [{ nodesUp: 2 }, 'warn'],
    [{ isDurable: false }, 'fail'],
    [{ copies: undefined }, 'skipped'],
    [{ reason: 'ECONNREFUSED' }, 'fail'],
  ])('with %o', async (survey, status) => {
    expect((await look(survey)).status).toBe(status);
  });

  it('says that nobody is there', async () => {
    const environment = {
      ...{ CASSANDRA_CONTACT_POINTS: '127.0.0.1:1', CASSANDRA_LOCAL_DATACENTER: 'datacenter1' },
    };
    expect(await cassandraCheck.run(openDeployment(environment, undefined))).toMatchObject({
      ...{ status: 'fail', found: expect.stringContaining('ECONNREFUSED') },
    });
  });

  it.skipIf(cassandraSkipReason !== '')(
    `finds the one copy of a real one${cassandraSkipReason}`,
    { timeout: 90_000 },
    async () => {
      await using cassandra = await sharedCassandra();
      const { contactPoints, localDataCenter } = cassandra;
      const keyspace = `doctor_${process.pid}`;
      const client = new Client({ contactPoints: [contactPoints], localDataCenter });
      const strategy = `{'class': 'NetworkTopologyStrategy', '${localDataCenter}': 1}`;
      await client.execute(`CREATE KEYSPACE ${keyspace} WITH replication = ${strategy}`);
      try {
        const environment = {
          CASSANDRA_CONTACT_POINTS: contactPoints,
          CASSANDRA_LOCAL_DATACENTER: localDataCenter,
          CASSANDRA_KEYSPACE: keyspace,
        };
        expect(await cassandraCheck.run(openDeployment(environment, undefined))).toMatchObject({
          status: 'fail',
          found: `${keyspace} has 1 copy of each message: a lost disk loses it`,
        });
      } finally {
        await client.execute(`DROP KEYSPACE ${keyspace}`);
        await client.shutdown();
      }
    },
  );
});
