import { createPortico } from '@portico/sdk';

export const portico = createPortico({ url: 'http://localhost:8000' });

/** The first line of text in a picture, if it has one. */
export async function firstLine(picture: Uint8Array): Promise<string | undefined> {
  const { lines } = await portico.ocr(picture, { minConfidence: 0.6 });
  return lines[0]?.text;
}
