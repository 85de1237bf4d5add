import { askReady } from './ask-ready.ts';
import { connect } from './connection.ts';
import type { PorticoOptions } from './options.ts';
import type { Portico } from './portico.ts';
import { taskKinds } from './task-kinds.ts';
import { taskMethods } from './task-methods.ts';
import type { TaskMethods } from './task-types.ts';
import { trpcClient } from './trpc.ts';

/**
 * Makes a client of a Portico server.
 *
 * @example
 * const portico = createPortico({ url: 'http://localhost:8000' });
 * const { text } = await portico.ocr(file, { minConfidence: 0.7 });
 *
 * @throws {TypeError} when the url is missing.
 */
export function createPortico(options: PorticoOptions): Portico {
  const connection = connect(options);
  const trpc = trpcClient(connection);
  const methods = taskMethods({ ...connection, trpc }, taskKinds) as unknown as TaskMethods;
  return { ...methods, ready: (call) => askReady(connection, call), trpc };
}
