import type { Client } from '../client.ts';
import type { BatchOptions, CallOptions, UploadOptions } from '../options.ts';
import { ask } from './ask.ts';
import { askBatch } from './ask-batch.ts';
import { askImage } from './ask-image.ts';
import { askStream } from './ask-stream.ts';

/** The method of one task, with everything that any task can be asked; the types say what this one can. */
export function taskMethod(client: Client, task: string): object {
  const method = (input: unknown, params?: object, options?: UploadOptions): Promise<unknown> =>
    ask(client, task, input, params, options);
  return Object.assign(method, {
    batch: (inputs: Iterable<unknown>, params?: object, options?: BatchOptions) =>
      askBatch(method, inputs, params, options),
    stream: (input: unknown, params?: object, options?: CallOptions) => askStream(client, task, input, params, options),
    image: (input: unknown, params?: object, options?: UploadOptions) => askImage(client, task, input, params, options),
  });
}
