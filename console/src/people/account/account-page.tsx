import { PageTitle } from '../../app/page-title.tsx';
import { PasskeysPanel } from './passkeys-panel.tsx';
import { ProfilePanel } from './profile-panel.tsx';
import { SecondFactorPanel } from './second-factor-panel.tsx';
import { SessionsPanel } from './sessions-panel.tsx';

/** What the signed-in user may change of the own account. */
export function AccountPage() {
  return (
    <>
      <PageTitle title="Your account" />
      <div class="grid gap-4 lg:grid-cols-2">
        <ProfilePanel />
        <PasskeysPanel />
        <SecondFactorPanel />
        <SessionsPanel />
      </div>
    </>
  );
}
