import { ask } from '../../harness/ask.ts';
import { alive } from '../../harness/process-facts.ts';
import { eventually, type ServerProcess } from '../../harness/server-process.ts';
import { outcomeWords } from '../support/clients.ts';
import type { Scene } from '../support/row.ts';

/** While an engine starts again on a busy machine, more may come than can wait or be answered by their deadline. */
export const restarting = ['503 OVERLOADED'];

/** The engine of the model `rows` or `crash`. */
async function engineOf(server: ServerProcess, model: string, input: unknown): Promise<number> {
  return Number((await ask(server, model, input)).body['pid']);
}

export const gone = (pid: number): Promise<true> =>
  eventually(async () => ((await alive([pid])).length === 0 ? true : undefined));

/** Sends a signal to the engine of `rows` in the middle of its work, and waits until it is gone. */
export const signalEngine =
  (signal: NodeJS.Signals) =>
  async ({ server, struck }: Scene): Promise<void> => {
    const pid = await engineOf(server, 'rows', { value: 0 });
    struck();
    process.kill(pid, signal);
    await gone(pid);
  };

/** Asks what brings the fault about, and counts what became of the question. */
export const askFor =
  (model: string, input: unknown) =>
  async ({ server, culprit }: Scene): Promise<void> => {
    const { status, body } = await ask(server, model, input);
    culprit(outcomeWords(status, body['code']));
  };

/** Kills the engine of the model that MODEL_NAME has first, which is the oldest as long as it is the first of its kind. */
export async function killFirstEngine(server: ServerProcess): Promise<void> {
  const pid = Math.min(...(await server.engines()));
  process.kill(pid, 'SIGKILL');
  await gone(pid);
}
