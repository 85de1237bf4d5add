import { createPortico } from '@portico/sdk';
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
  const { models } = await portico.models();
  return <p>Served here: {models.map(({ name }) => name).join(', ')}</p>;
}
