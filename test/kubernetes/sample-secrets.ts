/** A value that each secret of production may have. */
export const sampleSecrets: Readonly<Record<string, string>> = {
  'secureconnect/DATABASE_URL': 'postgresql://secureconnect:own@db.internal:5432/secureconnect',
  'secureconnect/JWT_SECRET': 'k8Jq2vX0cW5tY7uR3oP9sD1fG4hL6zBn',
  'secureconnect/FACTOR_SECRET': 'p7Lw3nB9yT5rE1qU6iO2aS8dF4gH0jKc',
  'secureconnect/SIGNALS_TOKEN': 'k8Jq2vX0cW5tY7uR3oP9sD1fG4hL6zBn',
  'secureconnect/SMTP_URL': 'smtps://mail.internal',
  'secureconnect/CASSANDRA_USERNAME': 'secureconnect',
  'secureconnect/CASSANDRA_PASSWORD': 'own',
  'secureconnect/S3_ACCESS_KEY': 'secureconnect',
  'secureconnect/S3_SECRET_KEY': 'own',
  'secureconnect/TURN_SECRET': 'm4Zc8xN2vB6kL0jH5gF1dS7aP3oI9uYt',
  'redis/password': 'k8Jq2vX0cW5tY7uR3oP9sD1fG4hL6zBn',
};
