import { createPortico } from '@portico/sdk';

export const portico = createPortico({ url: 'http://localhost:8000' });

/** The first line of text in a picture, if it has one. */
export async function firstLine(picture: Uint8Array): Promise<string | undefined> {
  const { lines } = await portico.ocr(picture, { minConfidence: 0.6 });
  return lines[0]?.text;
}

/** Milliseconds of speech in a recording. */
export async function speechMs(recording: Uint8Array): Promise<number> {
  let seconds = 0;
  for await (const { start, end } of portico.vad.stream(recording)) seconds += end - start;
  return Math.round(seconds * 1_000);
}
