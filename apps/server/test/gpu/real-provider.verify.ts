import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { explainSkip } from '../harness/measured.ts';

/** A build of the provider for CUDA 13 that the registry has, and the runtime of the same version. */
const packages = ['com.github.asus4.onnxruntime.linux-x64-gpu@0.4.9', 'onnxruntime-node@1.29.0'];

const supported = process.platform === 'linux' && process.arch === 'x64';
if (!supported) explainSkip('the real provider of CUDA: there is one for linux x64 only');

const require = createRequire(import.meta.url);
const portico = join(dirname(require.resolve('@portico/server/package.json')), 'dist', 'cli', 'main.js');

let folder: string;
let runtime: string;
beforeAll(() => {
  if (!supported) return;
  folder = mkdtempSync(join(tmpdir(), 'portico-provider-'));
  writeFileSync(join(folder, 'package.json'), '{"private":true}');
  const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--silent'];
  execFileSync('npm', ['install', ...options, ...packages], { cwd: folder, stdio: 'inherit' });
  runtime = join(folder, 'node_modules', 'onnxruntime-node');
  const [provider = ''] = packages;
  for (const file of ['libonnxruntime_providers_shared.so', 'libonnxruntime_providers_cuda.so']) {
    const from = join(
      folder,
      'node_modules',
      provider.slice(0, provider.lastIndexOf('@')),
      'Plugins',
      'Linux',
      'x64',
      file,
    );
    copyFileSync(from, join(runtime, 'bin', 'napi-v6', 'linux', 'x64', file));
  }
}, 240_000);
afterAll(() => {
  if (supported) rmSync(folder, { recursive: true });
});

/** One node, `y = x + x`, on the GPU alone. */
const program = `
  const { InferenceSession, Tensor } = require('onnxruntime-node');
  const model = Buffer.from('CAg6OQoOCgF4CgF4EgF5IgNBZGQSBWdyYXBoWg8KAXgSCgoICAESBAoCCARiDwoBeRIKCggIARIECgIIBEICEBE=', 'base64');
  const options = { executionProviders: ['cuda'], extra: { session: { disable_cpu_ep_fallback: '1' } } };
  InferenceSession.create(model, options)
    .then((session) => session.run({ x: new Tensor('float32', [1, 2, 3, 4], [4]) }))
    .then(({ y }) => console.log([...y.data].join()), (error) => console.log(error.message));
`;

it.skipIf(!supported)('what ONNX Runtime cannot load, the setup names; where nothing is missing, it runs', () => {
  const check = spawnSync(process.execPath, [portico, 'setup-cuda', '--runtime', runtime, '--check'], {
    encoding: 'utf8',
  });
  const env = { ...process.env, ORT_DISABLE_TELEMETRY: '1' };
  const { stdout, stderr } = spawnSync(process.execPath, ['-e', program], { cwd: folder, env, encoding: 'utf8' });
  process.stdout.write(`measured: ${check.stdout}measured: ONNX Runtime: ${stdout}`);
  const isComplete = check.status === 0;
  expect(stdout).toContain(isComplete ? '2,4,6,8' : 'Failed to load shared library');
  const [, missing = 'what ONNX Runtime names'] = /with error: (\S+): cannot open/.exec(stderr) ?? [];
  expect(check.stdout).toContain(isComplete ? 'The loader finds everything that they need.' : missing);
});
