import { useQuery } from '@tanstack/react-query';
import { FindSpeech } from './find-speech.tsx';
import { portico } from './portico.ts';
import { ReadPicture } from './read-picture.tsx';

export default function App() {
  const served = useQuery({ queryKey: ['models'], queryFn: ({ signal }) => portico.models({ signal }) });
  return (
    <main>
      <h1>Read and listen</h1>
      <p>Served here: {served.error?.message ?? served.data?.models.map(({ name }) => name).join(', ')}</p>
      <ReadPicture />
      <FindSpeech />
    </main>
  );
}
