import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isFailure, ocr } from '@portico/schemas';
import { loadEngine } from '@portico/server/engine/load-engine';
import { ocrSettings } from '@portico/server/models/ocr/settings';
import type { TextReader } from './text-reader.ts';

/** Loads the model on one thread of the CPU of this process, warmed up, as an engine does. */
export async function loadOcr(): Promise<TextReader> {
  process.env['ORT_DISABLE_TELEMETRY'] = '1';
  const module = import.meta.resolve('@portico/server/models/ocr/index');
  const [variant = ''] = Object.keys(ocrSettings.variants);
  const options = {
    device: { name: 'cpu', index: 0 },
    threads: 1,
    maxImagePixels: 50_000_000,
    cacheDirectory: join(tmpdir(), 'portico'),
  } as const;
  const { model } = await loadEngine({ type: 'load', module, variant, options }, () => {});
  const params = ocr.params.parse({});
  return async (file) => {
    const [output] = await model.run([{ file, params }], { signal: new AbortController().signal });
    if (output === undefined || isFailure(output)) throw output ?? new Error('The model gave no result.');
    return ocr.output.parse(output).text;
  };
}
