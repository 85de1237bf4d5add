import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { sharp } from '@portico/media';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ServerProcess, startServer } from '../harness/server-process.ts';
import { initializer, node, onnxFile } from '../onnx/onnx.ts';

const root = join(import.meta.dirname, '../../../..');
const guide = readFileSync(join(root, 'docs/wrap-a-model.md'), 'utf8');
const typescript = dirname(createRequire(import.meta.url).resolve('typescript/package.json'));

const blocks = (language: string): string[] =>
  [...guide.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(([, code]) => code ?? '');

describe('the guide to wrapping a model', () => {
  let folder: string;
  let server: ServerProcess;

  beforeAll(async () => {
    // Inside this package, so that its dependencies are found.
    folder = mkdtempSync(join(import.meta.dirname, 'guide-'));
    const [manifest = '', configuration = ''] = blocks('json');
    write('package.json', manifest);
    write('tsconfig.json', configuration);
    for (const code of blocks('ts')) {
      const [, path] = /^\/\/ (\S+)\n/.exec(code) ?? [];
      if (path !== undefined) write(path, code);
    }
    write('digit/weights/mnist.onnx', leftColumnsAsDigits());
    execFileSync(process.execPath, [join(typescript, 'bin/tsc'), '-p', folder], { encoding: 'utf8' });
    server = await startServer({}, [], join(folder, 'dist/main.js'));
    await server.ready();
  }, 120_000);
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  const write = (path: string, content: string | Uint8Array): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  };

  /** A picture whose only light, or dark, pixel is in one of the first columns. */
  const picture = async (column: number, { ground, ink }: { ground: number; ink: number }): Promise<BlobPart> => {
    const pixels = new Uint8Array(28 * 28).fill(ground);
    pixels[column] = ink;
    const png = sharp(pixels, { raw: { width: 28, height: 28, channels: 1 } }).png();
    return new Uint8Array(await png.toBuffer());
  };

  const read = async (column: number, invert: boolean): Promise<unknown> => {
    const body = new FormData();
    const colours = invert ? { ground: 255, ink: 0 } : { ground: 0, ink: 255 };
    body.append('file', new Blob([await picture(column, colours)]));
    body.append('invert', String(invert));
    return (await fetch(`${server.url}/digit`, { method: 'POST', body })).json();
  };

  it('builds a server that answers with what the network sees, light on dark and dark on light', async () => {
    expect(await read(7, false)).toEqual({ digit: 7, confidence: expect.closeTo(1, 3) });
    expect(await read(3, true)).toEqual({ digit: 3, confidence: expect.closeTo(1, 3) });
  });

  it('leaves a file that is no picture to the error table', async () => {
    const body = new FormData();
    body.append('file', new Blob(['no picture'], { type: 'image/png' }));
    const response = await fetch(`${server.url}/digit`, { method: 'POST', body });
    expect([response.status, await response.json()]).toEqual([400, expect.objectContaining({ code: 'BAD_INPUT' })]);
  });

  it('has the README begin with its main.ts', () => {
    const [first] = readFileSync(join(root, 'README.md'), 'utf8').split('```ts\n').slice(1);
    expect(first?.split('```')[0]).toBe(blocks('ts').find((code) => code.startsWith('// main.ts')));
  });
});

/** A file with the tensors of MNIST's network, whose score for a digit is the pixel of that column in the first row. */
function leftColumnsAsDigits(): Uint8Array {
  const weights = new Float32Array(784 * 10);
  for (let digit = 0; digit < 10; digit += 1) weights[digit * 10 + digit] = 100;
  return onnxFile({
    nodes: [node('Reshape', ['Input3', 'row'], ['flat']), node('MatMul', ['flat', 'weights'], ['Plus214_Output_0'])],
    initializers: [initializer('row', [2], BigInt64Array.of(1n, 784n)), initializer('weights', [784, 10], weights)],
    inputs: [{ name: 'Input3', type: 'float32', shape: [1, 1, 28, 28] }],
    outputs: [{ name: 'Plus214_Output_0', type: 'float32', shape: [1, 10] }],
  });
}
