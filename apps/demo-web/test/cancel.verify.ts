import { afterEach, describe, expect, inject, test } from 'vitest';
import { enginesOf, eventually } from '../../server/test/harness/server-process.ts';
import { open } from './harness/browse.ts';
import { output, parameters, runSample, takeSample } from './harness/task-page.ts';

const signalEngines = async (signal: NodeJS.Signals): Promise<void> => {
  for (const pid of await enginesOf(inject('serverPid'))) process.kill(pid, signal);
};

/** Calls of a task that clients have cancelled, as the server counts them. */
async function cancelled(task: string): Promise<number> {
  const text = await (await fetch(`${inject('server')}/metrics`)).text();
  const counts = text.matchAll(/^portico_cancelled_total\{([^}]*)\} (\d+)$/gm);
  return [...counts].reduce((sum, [, labels, count]) => sum + (labels!.includes(`"${task}"`) ? Number(count) : 0), 0);
}

describe('a call that is cancelled', () => {
  afterEach(() => signalEngines('SIGCONT'));

  test.each([
    ['ocr', 'page.jpg'],
    ['faces', 'astronaut.png'],
    ['segment', 'astronaut.png'],
    ['vad', 'speech.flac'],
    ['embed', 'Three sentences'],
  ])('ends on the server too: %s', async (task, sample) => {
    const page = await open(`/tasks/${task}`);
    await parameters(page).waitFor();
    const before = await cancelled(task);
    // Engines that stand still: the call cannot be over before it is cancelled.
    await signalEngines('SIGSTOP');
    await takeSample(page, sample);
    await page.getByRole('button', { name: 'Cancel' }).click();
    await parameters(page).getByText('Cancelled').waitFor();
    await eventually(async () => ((await cancelled(task)) > before ? true : undefined));
    await signalEngines('SIGCONT');
    expect(await output(page).textContent()).toContain('No output yet.');

    await runSample(page, sample);
    expect(await parameters(page).getByText('Cancelled').count()).toBe(0);
  });
});
