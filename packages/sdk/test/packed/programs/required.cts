import { bundledTasks, createPortico, isPorticoError } from '@portico/sdk';
import type { FileInput, OcrResult, Portico } from '@portico/sdk';

const [, , url = '', key = '', samples = ''] = process.argv;
const portico: Portico = createPortico({ url, apiKey: key });

/** Never called: what must not compile. */
export const mistakes = (): unknown[] => [
  // @ts-expect-error no such task
  portico.orc,
  // @ts-expect-error no such parameter
  portico.faces('', { maxFace: 1 }),
];

const read = async (file: FileInput): Promise<OcrResult> => portico.ocr(file, { minConfidence: 0.7 });

async function report(): Promise<object> {
  const starts: number[] = [];
  for await (const { start } of portico.vad.stream(`${samples}/speech.flac`)) starts.push(start);
  const refusal = await portico.faces(Buffer.from('no image')).catch((error: unknown) => error);
  return {
    tasks: Object.keys(bundledTasks),
    lines: (await read(`${samples}/page.jpg`)).lines.length,
    starts,
    refusal: isPorticoError(refusal, 'UNSUPPORTED_MEDIA_TYPE'),
  };
}
void report().then((found) => process.stdout.write(JSON.stringify(found)));
