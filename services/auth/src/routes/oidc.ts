import { auth } from '@secureconnect/contracts/endpoints';
import type { Sql } from '@secureconnect/postgres';
import { unauthorized } from '@secureconnect/service';
import { beginSignIn, signInReply } from '../factors/begin-sign-in.ts';
import { accountOf } from '../oidc/account-of.ts';
import { beginFlow, finishFlow } from '../oidc/flows.ts';
import { sessionClient } from '../session-client.ts';
import { holdIdentity } from '../stores/linked-identities.ts';
import { newSessionsBySetting, route } from './route.ts';

const providers = route(auth.listOidcProviders, {}, async ({ context }) => ({
  providers: [...context.oidc.values()].map(({ provider: { id, name } }) => ({
    provider: id,
    name,
  })),
}));

const start = route(auth.startOidcSignIn, {}, ({ body, context, log }) =>
  beginFlow({ ...context, log }, { provider: body.provider }),
);

const finish = route(
  auth.finishOidcSignIn,
  { newSessions: newSessionsBySetting },
  async ({ body, context, noteSecurity, ...client }, { newSessions }) => {
    const { database } = context;
    const origin = sessionClient({ ...client, context }, body.device_name);
    const found = await finishFlow({ ...context, log: client.log }, body);
    const { identity } = found;
    const { provider } = found.client;
    const { account, how } = await accountOf(database, { identity, provider, origin });
    const { user_id: userId, email } = account.user;
    if (how === 'created') noteSecurity('user_registered', { userId, account: email });
    if (how === 'linked') noteSecurity('identity_linked', { userId });
    const isStillGood = (sql: Sql): Promise<boolean> => holdIdentity(sql, userId, identity);
    const judged = { ...account, isStillGood };
    const begun = await beginSignIn({ ...context, newSessions }, judged, origin, {
      isBothFactors: provider.trustedForSecondFactor,
    });
    if (begun === undefined) {
      throw unauthorized('The account has changed meanwhile; begin again.');
    }
    return signInReply(begun, userId, noteSecurity);
  },
);

export const oidcRoutes = {
  listOidcProviders: providers,
  startOidcSignIn: start,
  finishOidcSignIn: finish,
};
