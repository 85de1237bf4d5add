import { readFile } from 'node:fs/promises';
import type { Output, Params } from '@portico/schemas';
import { defineModel, highestScores, rowsOfTensor, runTogether, Tensor, weightPath } from '@portico/server/model';
import { z } from 'zod';
import { FileTypeParams, fileTypeTask } from './contract.ts';
import { type FeatureSizes, featuresOf } from './features.ts';
import { signature } from './signature.ts';

/** What is read of Magika's config.min.json. */
const MagikaConfig = z.object({
  beg_size: z.int(),
  end_size: z.int(),
  block_size: z.int(),
  padding_token: z.int(),
  min_file_size_for_dl: z.int(),
  medium_confidence_threshold: z.number(),
  thresholds: z.record(z.string(), z.number()),
  overwrite_map: z.record(z.string(), z.string()),
  target_labels_space: z.array(z.string()),
});
type MagikaConfig = z.infer<typeof MagikaConfig>;

/** What is read of content_types_kb.min.json, by label. */
const ContentTypes = z.record(
  z.string(),
  z.object({
    mime_type: z.string().nullable(),
    group: z.string().nullable(),
    description: z.string().nullable(),
    is_text: z.boolean(),
  }),
);

export default defineModel(fileTypeTask, {
  async load({ weights, createSession }) {
    const read = async (name: string): Promise<unknown> =>
      JSON.parse(await readFile(weightPath(weights, name), 'utf8'));
    const config = MagikaConfig.parse(await read('config'));
    const types = ContentTypes.parse(await read('types'));
    const session = await createSession(weightPath(weights, 'network'), signature);
    const sizes: FeatureSizes = {
      beginning: config.beg_size,
      end: config.end_size,
      block: config.block_size,
      padding: config.padding_token,
    };
    return { config, types, session, sizes };
  },

  run: (inputs, { loaded: { config, types, session, sizes }, signal }) =>
    runTogether(inputs, {
      signal,
      prepare: ({ file }) => featuresOf(file.data, sizes),
      async run(rows) {
        const bytes = new Int32Array(rows.length * (sizes.beginning + sizes.end));
        for (const [row, features] of rows.entries()) bytes.set(features, row * features.length);
        const { target_label } = await session.run({
          bytes: new Tensor('int32', bytes, [rows.length, bytes.length / rows.length]),
        });
        return rowsOfTensor(target_label);
      },
      finish(scores, { file, params }, features) {
        // Too few bytes, or little but white space: the network was not trained on that.
        if (features[config.min_file_size_for_dl - 1] === config.padding_token)
          return describe(types, isUtf8(file.data.subarray(0, config.block_size)) ? 'txt' : 'unknown', {
            score: 1,
            predicted: null,
          });
        const [best] = highestScores(scores, 1);
        const { index = 0, score = 0 } = best ?? {};
        const predicted = config.target_labels_space[index] ?? 'unknown';
        return describe(types, labelOf(predicted, score, { config, types, mode: params.mode }), {
          score: Math.min(1, score),
          predicted,
        });
      },
    }),

  // The run that decides whether an engine is ready.
  warmUp: () => ({
    file: { data: Buffer.from('def main():\n    print("ready")\n'), mediaType: 'application/octet-stream' },
    params: FileTypeParams.parse({}),
  }),
});

interface Choice {
  readonly config: MagikaConfig;
  readonly types: z.infer<typeof ContentTypes>;
  readonly mode: Params<typeof fileTypeTask>['mode'];
}

/** The predicted type, or only whether it is text where the network is not sure enough. */
function labelOf(predicted: string, score: number, { config, types, mode }: Choice): string {
  const label = config.overwrite_map[predicted] ?? predicted;
  const medium = config.medium_confidence_threshold;
  const needed = {
    'best-guess': 0,
    'medium-confidence': medium,
    'high-confidence': config.thresholds[predicted] ?? medium,
  }[mode];
  if (score >= needed) return label;
  return types[label]?.is_text === true ? 'txt' : 'unknown';
}

function describe(
  types: z.infer<typeof ContentTypes>,
  label: string,
  prediction: { score: number; predicted: string | null },
): Output<typeof fileTypeTask> {
  const type = types[label];
  return {
    label,
    description: type?.description ?? label,
    mediaType: type?.mime_type ?? null,
    group: type?.group ?? null,
    isText: type?.is_text ?? false,
    ...prediction,
  };
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
