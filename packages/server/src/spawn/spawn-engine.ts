import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { engineEnvironment } from './engine-environment.ts';

const engineMain = fileURLToPath(
  new URL(`../engine/main${import.meta.url.slice(import.meta.url.lastIndexOf('.'))}`, import.meta.url),
);

/**
 * Starts the process of an engine; its descriptor 3 is the wire. Where descriptors, memory or process ids have run out
 * there is no process, and `failed` is told so after this has returned: the gateway must outlive that.
 */
export function spawnEngine(failed: (error: Error) => void): ChildProcess | undefined {
  try {
    const child = spawn(process.execPath, [engineMain], {
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
      env: engineEnvironment(process.env),
      // A session of its own, so that Ctrl-C at a terminal reaches the gateway only, which then drains.
      detached: true,
      windowsHide: true,
    });
    if (child.pid !== undefined) return child;
    child.once('error', failed);
  } catch (error) {
    setImmediate(() => failed(error instanceof Error ? error : new Error(String(error))));
  }
  return undefined;
}
