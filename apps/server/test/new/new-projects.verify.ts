import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { doubling } from '../onnx/models.ts';
import { node, onnxFile } from '../onnx/onnx.ts';
import { openWorkbench, type Service, type Workbench } from './workbench.ts';

interface Row {
  readonly preset: string;
  /** Of the project. */
  readonly name: string;
  readonly onnx: () => Promise<string | Uint8Array>;
  readonly flags?: readonly string[];
}

const rows: readonly Row[] = [
  { preset: 'raw', name: 'doubles', onnx: async () => doubling() },
  { preset: 'raw', name: 'odd-names', onnx: async () => oddNames() },
];

/** Doubles numbers, with the names of tensors and the metadata of someone who wants to run code of theirs. */
const oddNames = (): Uint8Array => {
  const input = `'); process.exit(1); ("\\`;
  const output = '*/ `${process.exit(1)}` \n// \u2028 __proto__ | </script>';
  return onnxFile({
    nodes: [node('Add', [input, input], [output])],
    inputs: [{ name: input, type: 'float32', shape: ['*/ process.exit(1) /*', 4] }],
    outputs: [{ name: output, type: 'float32', shape: ['*/ process.exit(1) /*', 4] }],
  });
};

// Each makes a folder of its own.
describe('a project that the command has made', { retry: 0 }, () => {
  let bench: Workbench;
  beforeAll(async () => {
    bench = await openWorkbench();
  }, 300_000);
  afterAll(() => bench?.[Symbol.asyncDispose]());

  /** Makes a project from an empty folder, and says how long everything took until its client has an output. */
  const makeAndAsk = async (row: Row, place: string): Promise<Service> => {
    await mkdir(join(bench.folder, place));
    const onnx = await row.onnx();
    const file = join(bench.folder, place, 'network.onnx');
    await (typeof onnx === 'string' ? copyFile(onnx, file) : writeFile(file, onnx));
    const startedAt = performance.now();
    const seconds = (): string => ((performance.now() - startedAt) / 1_000).toFixed(1);
    const said = await bench.portico(
      place,
      'new',
      row.name,
      'network.onnx',
      '--preset',
      row.preset,
      '--yes',
      ...(row.flags ?? []),
    );
    const made = seconds();
    const service = await bench.start(join(place, row.name));
    const ready = seconds();
    const output = await bench.run(
      join(place, row.name),
      'env',
      `PORTICO_URL=${service.url}`,
      'npm',
      'run',
      '--silent',
      'client',
    );
    process.stdout.write(
      `${row.preset}: made after ${made} s, ready after ${ready} s, answered after ${seconds()} s\n${said}\n${output.slice(0, 600)}\n`,
    );
    expect(output).toMatch(/^\{/);
    return service;
  };

  it.each(rows)('answers, documents itself, is formatted, linted, typed and tested: $name, $preset', async (row) => {
    const place = `in-${row.name}`;
    const project = join(place, row.name);
    const task = row.name.replace(/-(.)/g, (_dash, letter: string) => letter.toUpperCase());
    {
      await using service = await makeAndAsk(row, place);
      const get = async (path: string): Promise<unknown> => (await fetch(`${service.url}${path}`)).json();
      expect(await get('/health')).toEqual({ status: 'ok' });
      expect(await get('/ready')).toMatchObject({ status: 'ready', models: [{ name: task, variant: 'default' }] });
      expect(await get('/openapi.json')).toMatchObject({ openapi: '3.1.0', paths: { [`/${task}`]: { post: {} } } });
      expect(await get('/models')).toMatchObject({ models: [{ name: task }] });
      expect(await sampleOverRest(service, join(bench.folder, project), task)).toBe(200);
      await writeFile(join(bench.folder, project, 'over-trpc.mjs'), overTrpc(task));
      expect(await bench.run(project, 'env', `PORTICO_URL=${service.url}`, 'node', 'over-trpc.mjs')).toContain(
        'object',
      );
      await rm(join(bench.folder, project, 'over-trpc.mjs'));
    }
    await bench.run(project, 'npx', 'oxfmt', '--check', '.');
    await bench.run(project, 'npm', 'run', 'lint');
    await bench.run(project, process.execPath, bench.typescript59, '--noEmit');
    expect(await bench.run(project, 'npm', 'test')).toContain('# fail 0');
  });
});

/** Sends the project's sample as its README says; returns the status. */
async function sampleOverRest({ url }: Service, project: string, task: string): Promise<number> {
  const sample = await sampleOf(project, task);
  const data = await readFile(join(project, task, sample));
  const body = new FormData();
  body.append('file', new Blob([new Uint8Array(data)]), sample);
  const init = sample.endsWith('.json')
    ? { headers: { 'content-type': 'application/json' }, body: `{"input":${data.toString()}}` }
    : { body };
  const response = await fetch(`${url}/${task}`, { method: 'POST', ...init });
  await response.arrayBuffer();
  return response.status;
}

async function sampleOf(project: string, task: string): Promise<string> {
  const sample = (await readdir(join(project, task))).find((file) => file.startsWith('sample.'));
  if (sample === undefined) throw new Error(`There is no sample in ${project}/${task}.`);
  return sample;
}

/** A program that sends the sample over tRPC and prints the type of the output. */
const overTrpc = (task: string): string => `
import { readdirSync, readFileSync } from 'node:fs';
import { createPortico } from '@portico/sdk';
const sample = readdirSync('${task}').find((file) => file.startsWith('sample.'));
const data = readFileSync('${task}/' + sample);
const input = sample.endsWith('.json') ? { input: JSON.parse(data) } : { file: { data } };
console.log(typeof (await createPortico({ url: process.env.PORTICO_URL }).trpc.${task}.infer.mutate(input)));
`;
