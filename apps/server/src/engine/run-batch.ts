import { Failure, isFailure } from '@portico/schemas';
import type { ModelInput } from '../models/model.ts';
import type { PhaseTimes } from '../wire/messages.ts';
import type { LoadedEngine } from './load-engine.ts';
import { failureOf } from './failure-of.ts';
import type { Reporter } from './reporter.ts';

export interface EngineInput {
  readonly id: number;
  readonly mediaType: string | null;
  readonly params: unknown;
  readonly data: Uint8Array;
}

/** Runs a batch and reports one result or failure for each input. */
export async function runBatch(
  engine: LoadedEngine,
  inputs: readonly EngineInput[],
  signal: AbortSignal,
  reporter: Reporter,
): Promise<void> {
  engine.stopwatch.start();
  let outputs: readonly unknown[];
  try {
    outputs = await engine.model.run(inputs.map(modelInput), { signal });
  } catch (error) {
    if (inputs.length > 1 && !signal.aborted) {
      // One of them is to blame; alone, only that one fails.
      for (const input of inputs) await runBatch(engine, [input], signal, reporter);
      return;
    }
    // What is thrown is no output, even where it is no error.
    const thrown = error instanceof Error ? error : new Error(String(error));
    outputs = inputs.map(() => thrown);
  }
  const answers = inputs.map((input, index) => ({ id: input.id, ...answerOf(engine, outputs[index], reporter) }));
  const times = engine.stopwatch.read();
  for (const { id, failure, json } of answers) report(reporter, id, times, failure, json);
}

function modelInput({ mediaType, params, data }: EngineInput): ModelInput {
  // Parameters and JSON inputs were checked against the task's schemas before they were queued.
  const checked = params as ModelInput['params'];
  if (mediaType === null) return { input: JSON.parse(Buffer.from(data).toString('utf8')), params: checked } as never;
  return { file: { data, mediaType }, params: checked };
}

/** An output counts when it has the shape that the task promises. */
function answerOf(engine: LoadedEngine, output: unknown, reporter: Reporter): { json?: Uint8Array; failure?: Failure } {
  if (output instanceof Error) {
    const failure = isFailure(output) ? output : failureOf(output);
    if (failure.code === 'INTERNAL')
      reporter.send({ type: 'log', level: 'error', text: output.stack ?? String(output) });
    return { failure };
  }
  const parsed = engine.outputSchema.safeParse(output);
  if (parsed.success) return { json: Buffer.from(JSON.stringify(parsed.data)) };
  reporter.send({ type: 'log', level: 'error', text: `The output breaks the contract: ${parsed.error.message}` });
  return { failure: new Failure('INTERNAL', 'The output breaks the contract.') };
}

function report(
  reporter: Reporter,
  id: number,
  times: PhaseTimes,
  failure: Failure | undefined,
  json: Uint8Array | undefined,
): void {
  if (failure === undefined) reporter.send({ type: 'result', id, times }, json);
  else
    reporter.send({ type: 'failure', id, code: failure.code, detail: failure.message, issues: failure.issues, times });
}
