/** Names that mean something else in a URL, in the SDK or to the language, so no task may take them. */
export const reservedNames: ReadonlySet<string> = new Set([
  'apply',
  'batch',
  'call',
  'catch',
  'constructor',
  'docs',
  'finally',
  'gpu',
  'hasOwnProperty',
  'health',
  'infer',
  'metrics',
  'models',
  'openapi',
  'prototype',
  'ready',
  'status',
  'stream',
  'tensors',
  'then',
  'toJSON',
  'toString',
  'trpc',
  'v2',
  'valueOf',
]);

/** A task's name stands in URLs, in metrics' labels and as a property of the SDK. */
export const taskNamePattern = /^[a-z][a-zA-Z0-9]{0,31}$/;
