/** What a gateway spends its time on, in the order of a request; `idle` is waiting. */
export const stages = [
  'HTTP parsing',
  'routing and hooks',
  'body',
  'checks',
  'dispatch',
  'wire',
  'response',
  'metrics',
  'log',
  'garbage collection',
  'event loop and system',
  'other',
  'idle',
] as const;
export type Stage = (typeof stages)[number];

/** Functions of files whose address matches, of these names if any are given. */
interface Rule {
  readonly stage: Stage;
  readonly file: RegExp;
  readonly functions?: RegExp;
}

const server = (path: string): RegExp => new RegExp(`/packages/server/dist/${path}`);
const library = (name: string): RegExp => new RegExp(`/node_modules/${name}/`);

/**
 * Which stage a frame of the gateway's stack belongs to: the first rule that matches. A frame without a rule, such as
 * Node's streams, belongs to the stage of the frame that called it.
 */
export const stageRules: readonly Rule[] = [
  { stage: 'wire', file: server('(wire|spawn)/') },
  { stage: 'metrics', file: server('http/(metrics|prometheus/)') },
  { stage: 'metrics', file: library('prom-client') },
  { stage: 'log', file: server('(log|http/plugins/request-log)') },
  { stage: 'log', file: library('(pino|sonic-boom|pino-std-serializers|quick-format-unescaped)') },
  { stage: 'dispatch', file: server('(dispatch/|create-dispatchers)') },
  {
    stage: 'checks',
    file: server(
      'http/(v2/request|v2/simple-head|v2/float-arrays|v2/json-values|v2/long-integers|input/tensors|input/headers)',
    ),
  },
  { stage: 'checks', file: server('http/input/(json|read-input|base64|split-json|media-type)') },
  { stage: 'checks', file: server('tensors/') },
  { stage: 'checks', file: /\/packages\/(schemas|api)\/dist\// },
  { stage: 'checks', file: library('zod') },
  { stage: 'body', file: server('http/(input/|v2/compression)') },
  { stage: 'body', file: library('(@fastify/busboy|secure-json-parse)') },
  { stage: 'response', file: server('http/(v2/response|v2/json-chunks|json-texts|unread-responses|trpc/outputs)') },
  { stage: 'response', file: server('http/plugins/write-progress') },
  { stage: 'response', file: library('fastify'), functions: /send|Send|onResponse|writeHead|safeWriteHead/ },
  {
    stage: 'response',
    file: /^node:_http_(outgoing|server)$/,
    functions: /^(end|write|writeHead|_send|_storeHeader|writeRaw|_writeRaw|resOnFinish|_implicitHeader)/,
  },
  { stage: 'HTTP parsing', file: /^node:(_http_common|_http_incoming|_http_server|internal\/http)/ },
  { stage: 'routing and hooks', file: server('(http/|app)') },
  { stage: 'routing and hooks', file: library('(fastify|find-my-way|@fastify/[\\w-]+|@trpc/server|avvio)') },
];

/** For frames without a stage that no stage has called: what Node does by itself or for callbacks. */
export const outerRules: readonly Rule[] = [
  { stage: 'metrics', file: /^node:(perf_hooks|internal\/perf)/ },
  { stage: 'body', file: /^node:internal\/(streams|webstreams)/ },
  { stage: 'event loop and system', file: /^node:/ },
];

/** What V8 calls the parts of a profile that belong to no file. */
export const stageOfPart: ReadonlyMap<string, Stage | 'profiler'> = new Map([
  ['(idle)', 'idle'],
  ['(garbage collector)', 'garbage collection'],
  ['(program)', 'event loop and system'],
  ['runMicrotasks', 'event loop and system'],
  // The profiler, as it begins and ends.
  ['dispatch', 'profiler'],
]);
