import { auth, type ClientOptions, policies, types } from 'cassandra-driver';
import type { CassandraConfig } from './cassandra-config.ts';

const connectTimeoutMs = 1500;
const firstReconnectMs = 200;
const maxReconnectMs = 2000;

/**
 * One more attempt at most, on the next node: with the read time-out that bounds how long a request
 * may take, whatever the nodes do. Speculative execution is off by default.
 */
class OneMoreNode extends policies.retry.RetryPolicy {
  override onRequestError(
    info: policies.retry.OperationInfo,
    consistency: types.consistencies,
  ): policies.retry.DecisionInfo {
    return info.nbRetry > 0 ? this.rethrowResult() : this.retryResult(consistency, false);
  }
}

/** A client's options without a keyspace. @param readTimeoutMs how long one node may take to answer */
export function clientOptions(config: CassandraConfig, readTimeoutMs: number): ClientOptions {
  const { contactPoints, localDataCenter, credentials } = config;
  return {
    contactPoints: [...contactPoints],
    localDataCenter,
    ...(credentials === undefined
      ? {}
      : {
          authProvider: new auth.PlainTextAuthProvider(credentials.username, credentials.password),
        }),
    // A node that hangs still accepts connections: only the read time-out notices it.
    socketOptions: { connectTimeout: connectTimeoutMs, readTimeout: readTimeoutMs },
    policies: {
      retry: new policies.retry.IdempotenceAwareRetryPolicy(new OneMoreNode()),
      reconnection: new policies.reconnection.ExponentialReconnectionPolicy(
        firstReconnectMs,
        maxReconnectMs,
      ),
    },
    queryOptions: {
      consistency: types.consistencies.localQuorum,
      serialConsistency: types.consistencies.localSerial,
      prepare: true,
      // Every statement here may be executed twice: ids and times come from the caller.
      isIdempotent: true,
    },
  };
}
