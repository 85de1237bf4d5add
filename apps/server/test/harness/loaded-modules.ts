import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Runs before a process's main module and writes down the address of every script as V8 compiles it: ES modules and CommonJS, in
 * the gateway and in what it starts.
 */
const recorder = `
  import { appendFileSync } from 'node:fs';
  import { Session } from 'node:inspector';
  import { isMainThread } from 'node:worker_threads';
  if (isMainThread) {
    const session = new Session();
    session.connect();
    session.on('Debugger.scriptParsed', ({ params: { url } }) => {
      if (/^(file:|\\/)/.test(url)) appendFileSync(process.env.LOADED_MODULES + '/' + process.pid, url + '\\n');
    });
    session.post('Debugger.enable');
  }
`;

/** The environment of a server that records in `folder` what its processes load. */
export const recordingModules = (folder: string): NodeJS.ProcessEnv => ({
  LOADED_MODULES: folder,
  ENGINE_ENV: 'LOADED_MODULES',
  NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(recorder)}`,
});

/** Paths of the modules that a process has loaded, without the folders before the last `node_modules`. */
export async function loadedModules(folder: string, pid: number): Promise<string[]> {
  const recorded = (await readdir(folder)).includes(String(pid));
  if (!recorded) throw new Error(`Process ${pid} has recorded nothing.`);
  const lines = (await readFile(join(folder, String(pid)), 'utf8')).trim().split('\n');
  return [...new Set(lines.map((line) => line.replace(/^file:\/\//, '').replace(/^.*\/node_modules\//, '')))];
}
