import { type Failure, isFailure } from '@portico/schemas';
import type { ProgramContext, ProgramInput } from '../model/program.ts';
import type { LoadedEngine } from './load-engine.ts';
import { failureOf } from './failure-of.ts';
import type { Reporter } from './reporter.ts';

/** Runs a batch and reports one result or failure for each input, and items on the way where they are wanted. */
export async function runBatch(
  engine: Pick<LoadedEngine, 'program' | 'stopwatch'>,
  inputs: readonly ProgramInput[],
  signal: AbortSignal,
  reporter: Reporter,
): Promise<void> {
  engine.stopwatch.start();
  let answers: readonly (Uint8Array | Error)[];
  try {
    answers = await engine.program.run(inputs, { signal, emit: itemReporter(reporter) });
  } catch (error) {
    if (inputs.length > 1 && !signal.aborted) {
      // One of them is to blame; alone, only that one fails.
      for (const input of inputs) await runBatch(engine, [input], signal, reporter);
      return;
    }
    // What is thrown is no output, even where it is no error.
    const thrown = error instanceof Error ? error : new Error(String(error));
    answers = inputs.map(() => thrown);
  }
  const times = engine.stopwatch.read();
  for (const [index, { id }] of inputs.entries()) {
    const answer = answers[index] ?? new Error('The model gave no output for this input.');
    if (!(answer instanceof Error)) {
      reporter.send({ type: 'result', id, times }, answer);
      continue;
    }
    const { code, message: detail, issues } = failureToTell(answer, reporter);
    reporter.send({ type: 'failure', id, code, detail, issues, times });
  }
}

function failureToTell(error: Error, reporter: Reporter): Failure {
  const failure = isFailure(error) ? error : failureOf(error);
  if (failure.code === 'INTERNAL') reporter.send({ type: 'log', level: 'error', text: error.stack ?? String(error) });
  return failure;
}

/** Items are counted anew in each run, so that a second one does not tell the client the same again. */
function itemReporter(reporter: Reporter): ProgramContext['emit'] {
  const told = new Map<number, number>();
  return ({ id, answerAs }, item) => {
    if (answerAs !== 'items') return;
    const index = told.get(id) ?? 0;
    told.set(id, index + 1);
    reporter.send({ type: 'item', id, index }, item);
  };
}
