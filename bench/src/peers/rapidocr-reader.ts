import { join } from 'node:path';
import { z } from 'zod';
import { repositoryRoot } from '../repository-root.ts';
import { LineProcess } from './line-process.ts';
import type { Reader, Reading, Round } from './reading.ts';
import type { Size } from './size.ts';
import { weights } from './weights.ts';

export interface RapidOcrOptions {
  readonly name: string;
  readonly python: string;
  /** Each image, with the size at which to detect where RapidOCR is not to choose it. */
  readonly files: readonly { readonly path: string; readonly size?: Size | undefined }[];
}

export interface RapidOcrReader extends Reader {
  readonly versions: Readonly<Record<string, string>>;
}

export const programFolder = join(repositoryRoot, 'bench', 'peers');

/** Without these every library takes all cores. */
const oneThread = { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1', MKL_NUM_THREADS: '1' };

/** Images keep their size until detection, so that the size asked for is what detection sees. */
const unscaled = { 'Global.use_preprocess_img': false, 'Global.use_vertical_padding': false };

const Loaded = z.object({ versions: z.record(z.string(), z.string()) });
const Line = z.object({ text: z.string(), confidence: z.number(), polygon: z.array(z.array(z.number())) });
const FileAnswer = z.object({
  file: z.string(),
  lines: z.array(Line),
  milliseconds: z.number(),
  detectionSize: z.tuple([z.number(), z.number()]).nullable(),
  stages: z.record(z.string(), z.number()),
  error: z.string().nullable(),
});
const RoundAnswer = z.object({ milliseconds: z.number(), cpuMs: z.number() });

/** Starts RapidOCR on one CPU thread with Portico's weights. */
export async function startRapidOcr({ name, python, files }: RapidOcrOptions): Promise<RapidOcrReader> {
  const program = new LineProcess(python, [join(programFolder, 'read-lines.py')], oneThread);
  const read = async (): Promise<Round> => {
    program.send({ round: true });
    const readings: Reading[] = [];
    while (readings.length < files.length) readings.push(readingOf(FileAnswer.parse(await program.next())));
    return { readings, ...RoundAnswer.parse(await program.next()) };
  };
  try {
    const parameters = files.some(({ size }) => size !== undefined) ? unscaled : {};
    const sized = files.map(({ path, size }) => ({ path, size: size && [size.width, size.height] }));
    program.send({ load: { models: weights, parameters, files: sized } });
    const { versions } = Loaded.parse(await program.next());
    return { name, versions, read, [Symbol.asyncDispose]: () => program[Symbol.asyncDispose]() };
  } catch (error) {
    await program[Symbol.asyncDispose]();
    throw error;
  }
}

function readingOf({ file, lines, milliseconds, detectionSize, stages, error }: z.infer<typeof FileAnswer>): Reading {
  return {
    file,
    text: lines.map(({ text }) => text).join('\n'),
    lines: lines.length,
    milliseconds,
    detectionSize: detectionSize === null ? undefined : { width: detectionSize[0], height: detectionSize[1] },
    stages,
    error: error ?? undefined,
  };
}
