import { createPortico, isPorticoError } from '@portico/sdk';
import { connection } from 'next/server';
import { Suspense } from 'react';
import { FindSpeech } from './find-speech';
import { ReadPicture } from './read-picture';

const { PORTICO_URL = 'http://localhost:8000', PORTICO_KEY } = process.env;
const portico = createPortico({ url: PORTICO_URL, apiKey: PORTICO_KEY, timeoutMs: 5_000 });

export default function Page() {
  return (
    <main>
      <h1>Read and listen</h1>
      <Suspense fallback={<p>Served here: …</p>}>
        <Models />
      </Suspense>
      <ReadPicture />
      <FindSpeech />
    </main>
  );
}

async function Models() {
  await connection(); // for each visitor, not once when the site is built
  return <p>Served here: {await namesOfModels()}</p>;
}

/** An error that a component throws replaces the whole page: without the models, the rest is still shown. */
async function namesOfModels(): Promise<string> {
  try {
    const { models } = await portico.models();
    return models.map(({ name }) => name).join(', ');
  } catch (error) {
    if (!isPorticoError(error)) throw error;
    console.error(error);
    return 'nothing at the moment';
  }
}
