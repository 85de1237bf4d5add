import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ocrModel } from '@portico/models/ocr/index';
import { ocr } from '@portico/schemas';
import { loadEngine } from '@portico/server/internal/engine/load-engine';
import { locatedWeights } from '@portico/server/internal/weights/resolve-weights';
import type { ModelVariant } from '@portico/server';
import type { TextReader } from './evaluate.ts';

/** Loads the model on one thread of the CPU of this process, warmed up, as an engine does. */
export async function loadOcr(): Promise<TextReader> {
  process.env['ORT_DISABLE_TELEMETRY'] = '1';
  const module = ocrModel.module;
  const [[variant, variantSettings]] = Object.entries(ocrModel.settings.variants) as [[string, ModelVariant]];
  const weights = locatedWeights(variantSettings.weights);
  const options = {
    device: { name: 'cpu', index: 0 },
    threads: 1,
    maxImagePixels: 50_000_000,
    maxRecordingSeconds: 14_400,
    cacheDirectory: join(tmpdir(), 'portico'),
  } as const;
  const { runner } = await loadEngine({ type: 'load', module, variant, weights, options }, { onProgress: () => {} });
  const params = ocr.params.parse({});
  return async (file) => {
    const input = { id: 0, mediaType: file.mediaType, bytes: file.data, params };
    const [output] = await runner.run([input], { signal: new AbortController().signal, emit: () => {} });
    if (output === undefined || output instanceof Error) throw output ?? new Error('The model returned no result.');
    return ocr.output.parse(JSON.parse(Buffer.from(output.bytes).toString('utf8'))).text;
  };
}
