'use client';

import { createPortico, isPorticoError, type TaskItem } from '@portico/sdk';
import { useRef, useState } from 'react';

const portico = createPortico({ url: '/portico' });

export function FindSpeech() {
  const [segments, setSegments] = useState<TaskItem<'vad'>[]>([]);
  const [problem, setProblem] = useState('');
  const listening = useRef(new AbortController());

  async function find(recording: File) {
    listening.current.abort();
    const { signal } = (listening.current = new AbortController());
    setSegments([]);
    setProblem('');
    try {
      for await (const segment of portico.vad.stream(recording, {}, { signal })) {
        setSegments((earlier) => [...earlier, segment]);
      }
    } catch (error) {
      if (!isPorticoError(error, 'ABORTED')) setProblem(isPorticoError(error) ? error.message : String(error));
    }
  }

  return (
    <section>
      <label>
        A recording: <input type="file" onChange={({ target }) => target.files?.[0] && find(target.files[0])} />
      </label>
      <button onClick={() => listening.current.abort()}>Stop</button>
      <ol>
        {segments.map(({ start, end }) => (
          <li key={start}>
            Speech from {start.toFixed(1)} s to {end.toFixed(1)} s
          </li>
        ))}
      </ol>
      <p role="alert">{problem}</p>
    </section>
  );
}
