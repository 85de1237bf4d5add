import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadOnnxRuntime, runtimeMissing } from './onnx-runtime.ts';

const require = createRequire(import.meta.url);
const own = dirname(realpathSync(require.resolve('onnxruntime-node/package.json')));

describe('the copy of ONNX Runtime in an engine', () => {
  const dlopen = process.dlopen.bind(process);
  let project: string;

  beforeEach(() => {
    project = realpathSync(mkdtempSync(join(tmpdir(), 'portico-second-')));
  });

  afterEach(() => {
    process.dlopen = dlopen;
    rmSync(project, { recursive: true });
  });

  /** A second copy, whose native library need not be one: it is refused before it is opened. */
  function installSecondCopy(): string {
    const copy = join(project, 'node_modules/onnxruntime-node');
    const native = join(copy, 'bin/napi-v6', process.platform, process.arch);
    mkdirSync(native, { recursive: true });
    cpSync(join(own, 'dist'), join(copy, 'dist'), { recursive: true });
    cpSync(join(own, 'package.json'), join(copy, 'package.json'));
    symlinkSync(join(own, '../onnxruntime-common'), join(project, 'node_modules/onnxruntime-common'));
    writeFileSync(join(native, 'onnxruntime_binding.node'), '');
    return copy;
  }

  it('is the only one: another is refused in words that name both and the cure', async () => {
    const copy = installSecondCopy();
    await loadOnnxRuntime();
    const importing = import(join(copy, 'dist/index.js'));
    await expect(importing).rejects.toThrow(
      `Portico uses ${own}, and the model imports ${copy}. Remove onnxruntime-node from the dependencies`,
    );
    await expect(importing).rejects.toThrow(/Tensor from @portico\/server\/model and the createSession/);
  });

  it('is what a model gets that imports the package of the same folder', async () => {
    await loadOnnxRuntime();
    symlinkSync(own, join(project, 'onnxruntime-node'));
    delete require.cache[join(own, 'dist/binding.js')];
    expect(() => require(join(project, 'onnxruntime-node/dist/binding.js')) as unknown).not.toThrow();
  });

  it('leaves other native libraries alone', async () => {
    await loadOnnxRuntime();
    const library = join(project, 'other.node');
    writeFileSync(library, '');
    expect(() => require(library) as unknown).toThrow(/file too short|invalid|not a/i);
  });

  it('says how to install it where it cannot be loaded', () => {
    expect(runtimeMissing(new Error("Cannot find package 'onnxruntime-node'\nRequire stack:"))).toBe(
      `onnxruntime-node cannot be loaded on ${process.platform} ${process.arch}: Cannot find package 'onnxruntime-node'. ` +
        'Its install script fetches files from outside the registry; where that failed, install it again without: set ' +
        'ONNXRUNTIME_NODE_INSTALL=skip, or put "allowScripts": { "onnxruntime-node": false } into package.json.',
    );
  });
});
