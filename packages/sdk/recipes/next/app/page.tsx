import { createPortico } from '@portico/sdk';
import { FindSpeech } from './find-speech';
import { ReadPicture } from './read-picture';

const { PORTICO_URL = 'http://localhost:8000', PORTICO_KEY = '' } = process.env;
const portico = createPortico({ url: PORTICO_URL, headers: { 'x-api-key': PORTICO_KEY }, timeoutMs: 5_000 });

/** Rendered for each visitor, not once when the site is built. */
export const dynamic = 'force-dynamic';

export default async function Page() {
  const { models } = await portico.models();
  return (
    <main>
      <h1>Read and listen</h1>
      <p>Served here: {models.map(({ name }) => name).join(', ')}</p>
      <ReadPicture />
      <FindSpeech />
    </main>
  );
}
