import type { BatchOptions, PorticoOptions, UploadOptions } from './options.ts';

// Written as objects, so that the compiler holds them against the types.

const clientOptions = Object.keys({
  url: 0,
  tasks: 0,
  apiKey: 0,
  headers: 0,
  fetch: 0,
  timeoutMs: 0,
  retry: 0,
  onRetry: 0,
  onResponse: 0,
} satisfies Record<keyof PorticoOptions | 'tasks', 0>);

const callOptions = Object.keys({
  signal: 0,
  timeoutMs: 0,
  retry: 0,
  traceparent: 0,
  onRetry: 0,
  onResponse: 0,
  onUploadProgress: 0,
  concurrency: 0,
} satisfies Record<keyof UploadOptions | keyof BatchOptions, 0>);

/** Names that other clients have for the same. */
const otherNames: Readonly<Record<string, string>> = {
  baseUrl: 'url',
  baseURL: 'url',
  host: 'url',
  token: 'apiKey, or headers: { authorization: `Bearer ${token}` }',
  key: 'apiKey',
  timeout: 'timeoutMs, in milliseconds',
  retries: 'retry: { maxRetries }',
  maxRetries: 'retry: { maxRetries }',
};

/** @throws {TypeError} for what is no option of a client. */
export const requireClientOptions = (options: object): void => requireKnown('createPortico', options, clientOptions);

/** @throws {TypeError} for what is no option of a call. */
export const requireCallOptions = (options: object): void => requireKnown('A call', options, callOptions);

/** @throws {TypeError} for an option that is not known. */
export function requireKnown(whose: string, options: object, known: readonly string[]): void {
  for (const [name, value] of Object.entries(Object(options) as object)) {
    if (known.includes(name)) {
      if (name.startsWith('on') && !['function', 'undefined'].includes(typeof value))
        throw new TypeError(`${name} must be a function.`);
      continue;
    }
    const other = Object.hasOwn(otherNames, name) ? String(otherNames[name]) : '';
    const instead = known.includes(other.replace(/\W.*/, '')) ? ` Use ${other}.` : '';
    throw new TypeError(`${whose} has no option "${name}".${instead} It has ${known.join(', ')}.`);
  }
}
