import type * as OpenCvModule from '@techstark/opencv-js';
import type { EventEmitter } from 'node:events';
import { createRequire } from 'node:module';

export type OpenCv = typeof OpenCvModule;

const processEvents: EventEmitter = process;
const errorEvents = ['uncaughtException', 'unhandledRejection'];
const listenersBefore = errorEvents.map((event) => processEvents.rawListeners(event));

/**
 * OpenCV as WebAssembly, loaded once a process (about 0.2 s). Its objects live outside of JavaScript's heap and must be
 * deleted, see {@link OpenCvScope}. The module has a `then` that never settles: do not await it.
 */
// `import` would search eleven megabytes for the names of its exports.
export const openCv = createRequire(import.meta.url)('@techstark/opencv-js') as OpenCv;

await new Promise<void>((resolve) => {
  (openCv as { onRuntimeInitialized: () => void }).onRuntimeInitialized = resolve;
});

// It adds listeners for errors of the whole process; they are removed again.
for (const [index, event] of errorEvents.entries()) {
  for (const listener of processEvents.rawListeners(event)) {
    if (!listenersBefore[index]?.includes(listener)) processEvents.off(event, listener as () => void);
  }
}

/** Deletes what it owns when it ends. */
export class OpenCvScope implements Disposable {
  readonly #owned: { delete(): void }[] = [];

  own<Owned extends { delete(): void }>(object: Owned): Owned {
    this.#owned.push(object);
    return object;
  }

  [Symbol.dispose](): void {
    for (const object of this.#owned) object.delete();
  }
}

/** Turns the address that OpenCV throws into an error with its message. Anything else is left as it is. */
export const openCvError = (error: unknown): unknown =>
  typeof error === 'number' ? new Error(`OpenCV: ${String(openCv.exceptionFromPtr(error).msg)}`) : error;
