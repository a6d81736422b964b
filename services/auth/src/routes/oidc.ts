import { auth } from '@secureconnect/contracts/endpoints';
import type { Sql } from '@secureconnect/postgres';
import { unauthorized } from '@secureconnect/service';
import { beginSignIn, signInReply } from '../factors/begin-sign-in.ts';
import { accountOf } from '../oidc/account-of.ts';
import { beginFlow, finishFlow } from '../oidc/flows.ts';
import { sessionClient } from '../session-client.ts';
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
    const origin = sessionClient({ ...client, context }, body.device_name);
    const flow = await finishFlow({ ...context, log: client.log }, body);
    const { provider } = flow.client;
    const isStillGood = async (sql: Sql): Promise<boolean> => {
      await flow.use(sql);
      return true;
    };
    const attempt = async () => {
      const opened = await accountOf(context.database, { ...flow, provider, origin });
      const judged = { ...opened.account, isStillGood };
      const begun = await beginSignIn({ ...context, newSessions }, judged, origin, {
        isBothFactors: provider.trustedForSecondFactor,
      });
      return begun && { ...opened, begun };
    };
    // The account may have been created or linked meanwhile: it is looked up again, once.
    const signedIn = (await attempt()) ?? (await attempt());
    if (signedIn === undefined) {
      throw unauthorized('The account has changed meanwhile; begin again.');
    }
    const { account, email, how, begun } = signedIn;
    const { user_id: userId } = account.user;
    if (how === 'created') noteSecurity('user_registered', { userId, account: email });
    if (how === 'linked') noteSecurity('identity_linked', { userId });
    return signInReply(begun, userId, noteSecurity);
  },
);

export const oidcRoutes = {
  listOidcProviders: providers,
  startOidcSignIn: start,
  finishOidcSignIn: finish,
};
