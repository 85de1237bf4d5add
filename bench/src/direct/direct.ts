import { ocr } from '@portico/schemas';
import { ocrModel } from '@portico/models/ocr/index';
import { locatedWeights } from '@portico/server/internal/weights/resolve-weights';
import { processUsage } from '@portico/measure/server-usage';
import { Helper } from '../helper.ts';
import { modelFolderVariable, tinyShape } from '../models/tasks.ts';
import { denseInput, pagePath } from '../loads.ts';
import type { DirectCommand, DirectReply, DirectSetup } from './direct-process.ts';

/** Processes that run a model directly, all at once. */
export interface DirectProcesses extends AsyncDisposable {
  /**
   * Spreads the runs over all processes: one that is free takes the next few. Resolves with the milliseconds of each
   * run.
   */
  run(runs: number, atATime: number): Promise<readonly number[]>;
  /** CPU time used so far, all processes together. */
  cpuMs(): Promise<number>;
}

/** Loads a model in processes of its own and warms it up in each. */
export async function startDirect(setup: DirectSetup, count: number): Promise<DirectProcesses> {
  const environment = { ORT_DISABLE_TELEMETRY: '1', [modelFolderVariable]: setup.cacheDirectory };
  const module = new URL('./direct-process.js', import.meta.url);
  const helpers = Array.from({ length: count }, () => new Helper(module, { environment, detached: true }));
  const dispose = async (): Promise<void> => {
    await Promise.all(helpers.map((helper) => helper[Symbol.asyncDispose]()));
  };
  try {
    await Promise.all(helpers.map((helper) => command(helper, { setup })));
  } catch (error) {
    await dispose();
    throw error;
  }
  return {
    run: async (runs, atATime) => {
      const durations: number[] = [];
      let left = runs;
      const keepBusy = async (helper: Helper): Promise<void> => {
        while (left > 0) {
          const next = Math.min(left, atATime);
          left -= next;
          durations.push(...(await command(helper, { runs: next })));
        }
      };
      await Promise.all(helpers.map(keepBusy));
      return durations;
    },
    cpuMs: async () => {
      const usages = await Promise.all(helpers.map(({ pid }) => processUsage(pid)));
      return usages.reduce((sum, { cpuMs }) => sum + cpuMs, 0);
    },
    [Symbol.asyncDispose]: dispose,
  };
}

async function command(helper: Helper, message: DirectCommand): Promise<readonly number[]> {
  const reply = await helper.request<DirectReply>(message);
  if ('error' in reply) throw new Error(reply.error);
  return 'durations' in reply ? reply.durations : [];
}

/** Reads the sample page, like the requests to the server. */
export const directOcr = (cacheDirectory: string): DirectSetup => ({
  module: ocrModel.module,
  variant: 'ppocr-v4',
  weights: locatedWeights(ocrModel.settings.variants['ppocr-v4']?.weights ?? {}),
  input: { file: pagePath, mediaType: 'image/jpeg' },
  params: ocr.params.parse({}),
  cacheDirectory,
});

/** Runs the tiny model on the row that the requests to the server hold. */
export const directTiny = (cacheDirectory: string): DirectSetup => ({
  module: new URL('../models/tiny.js', import.meta.url).href,
  variant: 'generated',
  weights: {},
  input: { value: denseInput(tinyShape.width) },
  params: {},
  cacheDirectory,
});
