import {
  CancelledError,
  experimental_streamedQuery as streamedQuery,
  queryOptions,
  skipToken,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { useState } from 'react';
import { portico } from './portico.ts';

/** Keys are compared as JSON, in which every file is `{}`: the key says which file it is. */
const speechIn = (recording: File | undefined) =>
  queryOptions({
    queryKey: ['speech', recording?.name, recording?.size, recording?.lastModified],
    queryFn:
      recording === undefined
        ? skipToken
        : streamedQuery({ streamFn: ({ signal }) => portico.vad.stream(recording, {}, { signal }) }),
    staleTime: Infinity,
  });

export function FindSpeech() {
  const [recording, setRecording] = useState<File>();
  const queryClient = useQueryClient();
  const { queryKey } = speechIn(recording);
  const speech = useQuery(speechIn(recording));
  return (
    <section>
      <label>
        A recording: <input type="file" onChange={({ target }) => setRecording(target.files?.[0])} />
      </label>
      <button onClick={() => queryClient.cancelQueries({ queryKey }, { revert: false })}>Stop</button>
      <ol>
        {speech.data?.map(({ start, end }) => (
          <li key={start}>
            Speech from {start.toFixed(1)} s to {end.toFixed(1)} s
          </li>
        ))}
      </ol>
      <p role="alert">{speech.error instanceof CancelledError ? null : speech.error?.message}</p>
    </section>
  );
}
