import type * as OpenCvModule from '@techstark/opencv-js';
import type { EventEmitter } from 'node:events';
import { createRequire } from 'node:module';

export type OpenCv = typeof OpenCvModule;

const alarms: EventEmitter = process;
const alarmEvents = ['uncaughtException', 'unhandledRejection'];
const listenersBefore = alarmEvents.map((event) => alarms.rawListeners(event));

/**
 * OpenCV as WebAssembly, loaded once a process (about 0.2 s). Its objects live outside of JavaScript's heap: whoever
 * makes one deletes it, see {@link OpenCvScope}. The object has a `then` that never settles: do not await it.
 */
// `import` would search eleven megabytes for the names of its exports.
export const openCv = createRequire(import.meta.url)('@techstark/opencv-js') as OpenCv;

await new Promise<void>((resolve) => {
  (openCv as { onRuntimeInitialized: () => void }).onRuntimeInitialized = resolve;
});

// It listens for what goes wrong elsewhere in the process, which is none of its business.
for (const [index, event] of alarmEvents.entries()) {
  for (const listener of alarms.rawListeners(event)) {
    if (!listenersBefore[index]?.includes(listener)) alarms.off(event, listener as () => void);
  }
}

/** Deletes what was made in it when it ends. */
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

/** OpenCV throws addresses; this is an error with its words. Anything else is left as it is. */
export const openCvError = (error: unknown): unknown =>
  typeof error === 'number' ? new Error(`OpenCV: ${String(openCv.exceptionFromPtr(error).msg)}`) : error;
