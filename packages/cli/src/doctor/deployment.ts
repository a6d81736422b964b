import { type CassandraSurvey, surveyCassandra } from './cassandra/survey.ts';
import { type BucketSurvey, surveyBucket } from './files/survey-bucket.ts';
import { type GatewaySurvey, surveyGateway } from './gateway/survey.ts';
import { type MailSurvey, surveyMail } from './mail/survey.ts';
import { type DatabaseSurvey, surveyDatabase } from './postgres/survey.ts';
import { type RedisSurvey, surveyRedis } from './redis/survey.ts';
import { Settings } from './settings.ts';
import { once } from './support/once.ts';
import { surveyTurn, type TurnReport } from './turn/survey.ts';

/** What checks look at. Each server is asked once, when the first check wants its answer. */
export interface Deployment {
  readonly settings: Settings;
  /** The gateway's base URL, without a slash at the end; undefined if none was given. */
  readonly gatewayUrl: string | undefined;
  /** These reject with CannotLook if no variable names the server. */
  readonly redis: () => Promise<RedisSurvey>;
  readonly database: () => Promise<DatabaseSurvey>;
  readonly cassandra: () => Promise<CassandraSurvey>;
  readonly gateway: () => Promise<GatewaySurvey>;
  readonly mail: () => Promise<MailSurvey>;
  readonly turn: () => Promise<readonly TurnReport[]>;
  readonly bucket: () => Promise<BucketSurvey>;
}

/**
 * @param environment the variables of the services
 * @param gatewayUrl where clients reach the gateway
 */
export function openDeployment(
  environment: NodeJS.ProcessEnv,
  gatewayUrl: string | undefined,
): Deployment {
  const settings = new Settings(environment);
  const base = gatewayUrl?.replace(/\/$/, '');
  return {
    settings,
    gatewayUrl: base,
    redis: once(() => surveyRedis(settings)),
    database: once(() => surveyDatabase(settings)),
    cassandra: once(() => surveyCassandra(settings)),
    gateway: once(() => surveyGateway(base)),
    mail: once(() => surveyMail(settings)),
    turn: once(() => surveyTurn(settings)),
    bucket: once(() => surveyBucket(settings)),
  };
}
