import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect, promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pythonEnvironment } from '../harness/python-environment.ts';
import { explainSkip } from '../harness/measured.ts';
import { type ServerProcess, startServer } from '../harness/server-process.ts';
import { apiKey, drawIsReady, type RefusedUpload, refusingServer } from './refusals.ts';
import { sendUpload } from './send-upload.ts';

/** Sends uploads one after the other; for each the status, or what happened instead. */
type Client = (origin: string, uploads: readonly RefusedUpload[]) => Promise<(number | string)[]>;

const run = promisify(execFile);
const mebibyte = 1024 * 1024;
/** A whole series, with a compiler before it. Whatever hangs has given up by itself before. */
const seriesMs = 240_000;
const programs = join(import.meta.dirname, 'clients');

const upload = (path: string, mediaType: string, megabytes: number, status: number): RefusedUpload => ({
  method: 'POST',
  path,
  headers: { 'content-type': mediaType, 'x-api-key': apiKey },
  bytes: megabytes * mebibyte,
  isChunked: false,
  status,
});

/** Every early refusal, each with more than any buffer on the way holds, in a row. */
const series = [21, 30].flatMap((megabytes) => [
  upload('/draw', 'image/png', megabytes, 413),
  upload('/draw', 'text/plain', megabytes, 415),
  upload('/nowhere', 'image/png', megabytes, 404),
  upload('/loading', 'application/json', megabytes - 5, 503),
]);
/** For one client whose connections once swallowed the next request. */
const tooLarge = Array.from({ length: 30 }, () => upload('/draw', 'image/png', 21, 413));

let server: ServerProcess;
let python: Awaited<ReturnType<typeof pythonEnvironment>>;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'portico-uploads-'));
  python = await pythonEnvironment(join(programs, 'requirements.txt'));
  server = await startServer(refusingServer);
  await drawIsReady(server.url);
}, seriesMs);
afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

/** A program that takes uploads as words and prints a line for each. */
const program =
  (command: () => readonly string[], how: string): Client =>
  async (origin, uploads) => {
    const [name = '', ...words] = command();
    const values = uploads.map(({ path, headers, bytes }) => `${path}|${headers['content-type']}|${bytes}`);
    const { stdout } = await run(name, [...words, origin, apiKey, how, ...values], { timeout: seriesMs });
    return stdout.trim().split('\n').map(statusOr);
  };

const statusOr = (line: string): number | string => (/^\d+$/.test(line) ? Number(line) : line);

const node =
  (agent: () => Agent | undefined): Client =>
  async (origin, uploads) => {
    const kept = agent();
    const statuses: (number | string)[] = [];
    for (const one of uploads) statuses.push(await sendUpload(origin, one, kept === undefined ? {} : { agent: kept }));
    kept?.destroy();
    return statuses;
  };

const nodeFetch: Client = async (origin, uploads) => {
  const statuses: (number | string)[] = [];
  for (const { path, headers, bytes } of uploads) {
    const signal = AbortSignal.timeout(20_000);
    const asking = fetch(origin + path, { method: 'POST', headers, body: Buffer.alloc(bytes), signal });
    const status = asking.then(async (response): Promise<number | string> => {
      await response.arrayBuffer();
      return response.status;
    });
    statuses.push(await status.catch((error: unknown) => inspect(error)));
  }
  return statuses;
};

/** One curl for the whole series, so that it can use its connection again. */
const curl =
  (...options: readonly string[]): Client =>
  async (origin, uploads) => {
    const files = new Map<number, string>();
    for (const { bytes } of uploads) {
      files.set(bytes, join(folder, String(bytes)));
      await writeFile(join(folder, String(bytes)), Buffer.alloc(bytes));
    }
    const common = [
      '--silent',
      '--max-time',
      '20',
      '--output',
      '/dev/null',
      '--write-out',
      '%{http_code} %{exitcode}\\n',
    ];
    const transfers = uploads.map(({ path, headers, bytes }) => [
      ...common,
      ...Object.entries(headers).flatMap(([header, value]) => ['--header', `${header}: ${value}`]),
      ...options,
      '--data-binary',
      `@${files.get(bytes)}`,
      origin + path,
    ]);
    const words = transfers.flatMap((transfer, index) => (index === 0 ? transfer : ['--next', ...transfer]));
    const { stdout } = await run('curl', words, { timeout: seriesMs }).catch((error: { stdout: string }) => error);
    return stdout
      .trim()
      .split('\n')
      .map((line) => statusOr(line.replace(/ 0$/, '')));
  };

const pythonProgram = (): readonly string[] => {
  if ('missing' in python) throw new Error(python.missing);
  return [python.python, join(programs, 'refused.py')];
};
const goProgram = (): readonly string[] => ['go', 'run', join(programs, 'refused.go')];
const javaProgram = (): readonly string[] => ['java', join(programs, 'Refused.java')];

const jdk = "the JDK's HttpClient, which asks for HTTP/2";
const clients: readonly (readonly [name: string, needs: string, client: Client])[] = [
  ['urllib, which closes its connections', 'python3', program(pythonProgram, 'urllib')],
  ['requests, connections kept', 'python3', program(pythonProgram, 'requests')],
  ['requests with connection: close', 'python3', program(pythonProgram, 'close')],
  ['curl, which asks whether to send', 'curl', curl()],
  ['curl that does not ask', 'curl', curl('--header', 'Expect:')],
  [
    'curl that does not ask, with connection: close',
    'curl',
    curl('--header', 'Expect:', '--header', 'Connection: close'),
  ],
  ['curl with HTTP/1.0', 'curl', curl('--http1.0')],
  ["Node's http, connections kept", 'node', node(() => new Agent({ keepAlive: true, maxSockets: 1 }))],
  ["Node's http with connection: close", 'node', node(() => undefined)],
  ["Node's fetch", 'node', nodeFetch],
  ['Go, connections kept', 'go', program(goProgram, 'keep')],
  ['Go with connection: close', 'go', program(goProgram, 'close')],
  [jdk, 'java', program(javaProgram, 'default')],
  ["the JDK's HttpClient with HTTP/1.1", 'java', program(javaProgram, 'http1')],
];

describe('every refused upload hears why, from', () => {
  it.each(clients)('%s', async (name, needs, client) => {
    const absent = await run('which', [needs]).then(
      () => undefined,
      () => `there is no ${needs}`,
    );
    if (absent !== undefined) {
      explainSkip(`${name}: ${absent}`);
      if (process.env['CI'] === 'true') throw new Error(absent);
      return;
    }
    const uploads = name === jdk ? [...tooLarge, ...series] : series;
    const statuses = await client(server.url, uploads);
    const right = uploads.filter(({ status }, index) => status === statuses[index]);
    process.stderr.write(`measured: ${name}: ${right.length} of ${uploads.length} statuses right\n`);
    expect(statuses).toEqual(uploads.map(({ status }) => status));
  });
});
