import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

const runMs = 300_000;

/** The folder with the model's files, which Python writes at the first call. */
export async function exportedModel({ command, folder }: { command: string; folder: string }): Promise<string> {
  const model = join(folder, 'minilm');
  // The script copies it last.
  if (!existsSync(join(model, 'sentence_bert_config.json'))) await runPython(command, ['export', model]);
  return model;
}

/** Runs minilm.py and gives back what it wrote. */
export async function runPython(command: string, words: readonly string[], input = ''): Promise<string> {
  const child = spawn(command, ['-W', 'ignore', join(import.meta.dirname, 'minilm.py'), ...words], {
    timeout: runMs,
  });
  child.stdin.end(input);
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const [output, errors, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  if (code !== 0) throw new Error(`minilm.py ended with ${code}: ${errors.trim().split('\n').at(-1)}`);
  return output;
}
