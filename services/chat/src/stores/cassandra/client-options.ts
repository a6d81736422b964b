import { auth, type ClientOptions, policies, types } from 'cassandra-driver';
import type { CassandraConfig } from './cassandra-config.ts';

const connectTimeoutMs = 1500;
const firstReconnectMs = 200;
const maxReconnectMs = 2000;

/**
 * Allows one retry, on the next node: together with the read time-out, this bounds the duration of
 * a request. Speculative execution is off by default.
 */
class OneMoreNode extends policies.retry.RetryPolicy {
  override onRequestError(
    info: policies.retry.OperationInfo,
    consistency: types.consistencies,
  ): policies.retry.DecisionInfo {
    return info.nbRetry > 0 ? this.rethrowResult() : this.retryResult(consistency, false);
  }
}

/** A client's options without a keyspace. @param readTimeoutMs the time limit for a node's reply */
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
    // A hanging node still accepts connections; only the read time-out detects it.
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
