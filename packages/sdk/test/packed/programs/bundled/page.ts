import { createPortico } from '@portico/sdk';

const portico = createPortico({ url: location.origin });
const input = document.querySelector('input');

input?.addEventListener('change', async () => {
  const [file] = input.files ?? [];
  if (file === undefined) return;
  const { text } = await portico.ocr(file);
  document.title = text;
  const data = new Uint8Array(await file.arrayBuffer());
  for await (const segment of await portico.trpc.vad.stream.mutate({ file: { data } })) document.title += segment.start;
});
