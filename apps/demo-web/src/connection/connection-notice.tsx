import { isPorticoError } from '@portico/sdk';
import { Button } from '../controls/button.tsx';
import { Icon } from '../controls/icon.tsx';
import { Notice } from '../controls/notice.tsx';
import { useConnection } from './connection.tsx';
import { settingsOpen } from './settings.ts';

/** Longer messages of a server are cut. */
const maxMessageLength = 500;

/** Says that the server is lost, or that it requires another API key; nothing as long as all is well. */
export function ConnectionNotice() {
  const { url, apiKey, state } = useConnection();
  if (state.phase !== 'lost' && state.phase !== 'refused') return null;
  const action = (
    <Button onClick={() => settingsOpen.set(true)}>
      <Icon name="settings" />
      {state.phase === 'refused' ? 'Enter a key' : 'Change the address'}
    </Button>
  );
  if (state.phase === 'refused') {
    const title = apiKey === '' ? 'The server requires an API key' : 'The server does not accept this API key';
    return (
      <Notice tone="bad" title={title} actions={action}>
        <p>The key stays in this tab.</p>
      </Notice>
    );
  }
  return (
    <Notice tone="bad" title={`No connection to ${url}`} actions={action}>
      {!isPorticoError(state.error, 'NETWORK') && <p>{state.error?.message.slice(0, maxMessageLength)}</p>}
      <p>
        This page keeps trying. If the server is running, check its address in the settings and that its CORS_ORIGINS
        allows this page.
      </p>
    </Notice>
  );
}
