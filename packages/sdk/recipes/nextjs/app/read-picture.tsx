'use client';

import { createPortico, isPorticoError } from '@portico/sdk';
import { useRef, useState } from 'react';

const portico = createPortico({ url: '/portico' });

export function ReadPicture() {
  const [sent, setSent] = useState(0);
  const [lines, setLines] = useState<string[]>([]);
  const [problem, setProblem] = useState('');
  const reading = useRef(new AbortController());

  async function read(picture: File) {
    reading.current.abort();
    const { signal } = (reading.current = new AbortController());
    setSent(0);
    setLines([]);
    setProblem('');
    try {
      const page = await portico.ocr(
        picture,
        {},
        { signal, timeoutMs: 60_000, onUploadProgress: ({ loaded, total }) => setSent(loaded / total) },
      );
      setLines(page.lines.map(({ text }) => text));
    } catch (error) {
      if (!isPorticoError(error, 'ABORTED')) setProblem(isPorticoError(error) ? error.message : String(error));
    }
  }

  return (
    <section>
      <label>
        A picture with text: <input type="file" onChange={({ target }) => target.files?.[0] && read(target.files[0])} />
      </label>
      <progress value={sent} />
      <ol>
        {lines.map((line, index) => (
          <li key={index}>{line}</li>
        ))}
      </ol>
      <p role="alert">{problem}</p>
    </section>
  );
}
