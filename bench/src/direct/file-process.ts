import { InferenceSession, Tensor } from 'onnxruntime-node';
import { digitPicture } from '../models/digits-file.ts';
import { median } from '../report.ts';

/** Runs of the digits file, one after the other. */
export interface FileCommand {
  readonly path: string;
  readonly runs: number;
}

export interface FileReply {
  readonly scores: readonly number[];
  /** CPU time of a run. */
  readonly cpuMs: number;
  readonly medianMs: number;
}

// A process that runs an ONNX file and does nothing else: what every server should return, and what that costs without one.
process.once('disconnect', () => process.exit(0));
const opening = new Map<string, Promise<InferenceSession>>();

process.on('message', (command: FileCommand) => {
  void run(command).then((reply) => process.send?.(reply));
});

async function run({ path, runs }: FileCommand): Promise<FileReply> {
  const options = { intraOpNumThreads: 1, interOpNumThreads: 1 };
  const session = await (opening.get(path) ?? InferenceSession.create(path, options));
  opening.set(path, Promise.resolve(session));
  const image = new Tensor('float32', Float32Array.from(digitPicture), [1, 1, 28, 28]);
  let scores: number[] = [];
  const milliseconds: number[] = [];
  const before = process.cpuUsage();
  for (let turn = 0; turn < runs; turn += 1) {
    const startedAt = performance.now();
    const { scores: output } = await session.run({ image });
    scores = [...((output?.data ?? []) as Float32Array)];
    milliseconds.push(performance.now() - startedAt);
  }
  const { user, system } = process.cpuUsage(before);
  return { scores, cpuMs: (user + system) / 1_000 / runs, medianMs: median(milliseconds) };
}
