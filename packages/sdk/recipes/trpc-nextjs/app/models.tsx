'use client';

import { useMutation, useSuspenseQuery } from '@tanstack/react-query';
import { useTRPC } from '../trpc/client';

export function Models() {
  const trpc = useTRPC();
  const { data } = useSuspenseQuery(trpc.models.list.queryOptions());
  const reading = useMutation(trpc.ocr.infer.mutationOptions());
  const read = async (picture: File) => reading.mutate({ file: { data: new Uint8Array(await picture.arrayBuffer()) } });

  return (
    <section>
      <ul>
        {data.models.map(({ name }) => (
          <li key={name}>{name}</li>
        ))}
      </ul>
      <label>
        A picture with text: <input type="file" onChange={({ target }) => target.files?.[0] && read(target.files[0])} />
      </label>
      <pre>{reading.data?.text}</pre>
      <p role="alert">{reading.error?.message}</p>
    </section>
  );
}
