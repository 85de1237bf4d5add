import { porticoErrorOf } from '@portico/sdk/trpc';
import { useMutation, useQuery } from '@tanstack/react-query';
import { trpc } from './trpc';

/** Use it inside a `QueryClientProvider` with the `queryClient` of `trpc.ts`. */
export function ReadPicture() {
  const models = useQuery(trpc.models.list.queryOptions());
  const reading = useMutation(
    trpc.ocr.infer.mutationOptions({
      retry: (count, error) => count < 2 && porticoErrorOf(error)?.retryable === true,
    }),
  );
  const read = async (picture: File) =>
    reading.mutate({ file: { data: new Uint8Array(await picture.arrayBuffer()), name: picture.name } });

  return (
    <section>
      <p>Served here: {models.data?.models.map(({ name }) => name).join(', ')}</p>
      <label>
        A picture with text: <input type="file" onChange={({ target }) => target.files?.[0] && read(target.files[0])} />
      </label>
      <pre>{reading.data?.text}</pre>
      <p role="alert">{reading.error?.message}</p>
    </section>
  );
}
