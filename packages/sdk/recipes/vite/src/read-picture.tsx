import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { portico } from './portico.ts';

export function ReadPicture() {
  const [sent, setSent] = useState(0);
  const reading = useMutation({
    mutationFn: (picture: File) =>
      portico.ocr(picture, {}, { onUploadProgress: ({ loaded, total }) => setSent(loaded / total) }),
    onMutate: () => setSent(0),
  });
  return (
    <section>
      <label>
        A picture with text:{' '}
        <input type="file" onChange={({ target }) => target.files?.[0] && reading.mutate(target.files[0])} />
      </label>
      <progress value={sent} />
      <ol>
        {reading.data?.lines.map(({ text }, index) => (
          <li key={index}>{text}</li>
        ))}
      </ol>
      <p role="alert">{reading.error?.message}</p>
    </section>
  );
}
