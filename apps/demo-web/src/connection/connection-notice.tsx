import { Notice } from '../controls/notice.tsx';
import { useConnection } from './connection.tsx';

/** Says that the server is lost, or that it wants another API key; nothing as long as all is well. */
export function ConnectionNotice() {
  const { url, apiKey, state } = useConnection();
  if (state.phase === 'refused') {
    return (
      <Notice
        tone="bad"
        title={apiKey === '' ? 'The server wants an API key' : 'The server does not accept this API key'}
      >
        <p>Type it in the settings, at the top right.</p>
      </Notice>
    );
  }
  if (state.phase === 'lost') {
    return (
      <Notice tone="bad" title={`No connection to ${url}`}>
        <p>
          This page goes on trying. If the server runs, check the address in the settings, and that its CORS_ORIGINS
          allows this page.
        </p>
      </Notice>
    );
  }
  return null;
}
