import { createPortico } from '@portico/sdk';

const portico = createPortico({ url: location.origin });

/** What a page does with a chosen file. */
async function show(file: File): Promise<void> {
  const { text } = await portico.ocr(file);
  document.title = text;
  for await (const segment of portico.vad.stream(file)) document.title += segment.start;
}

const input = document.querySelector('input');
input?.addEventListener('change', () => {
  for (const file of input.files ?? []) void show(file);
});
