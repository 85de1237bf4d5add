// The slow matrix: every step with its budget, in one ledger. Budgets are for two cores and judge nothing; a step that outgrows its
// own has to become faster or move. `--full` runs all of it. Otherwise the comparison of speeds is left out, and steps that rotate fill what the
// others leave of 50 minutes, in an order drawn by a seed: the commit, unless VERIFY_SEED says another. Names run those steps only:
// `npm run verify -- faults "fresh clone"`.
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

/** For a run that is neither full nor of named steps, by the steps' budgets. */
const maxMinutes = 50;

const root = join(import.meta.dirname, '..');
const server = join(root, 'apps', 'server');
const sdk = join(root, 'packages', 'sdk');

/**
 * `run` is a package's own `verify` by the name of the package, files for the server's slow tests, frameworks that the SDK is tried in, a
 * script, or arguments of the bench.
 */
const steps = [
  { name: 'properties', minutes: 3, run: { package: '@portico/server' } },
  { name: 'contract', minutes: 1, run: { package: '@portico/schemas' } },
  { name: 'router', minutes: 1, run: { package: '@portico/api' } },
  { name: 'sdk', minutes: 9, run: { package: '@portico/sdk' } },
  { name: 'api reference', minutes: 1, run: { package: '@portico/api-reference' } },
  {
    name: 'faults',
    minutes: 7,
    run: {
      files: ['test/matrix', 'test/faults', 'test/weights', 'test/drain/while-serving', 'test/drain/stubborn'],
    },
  },
  { name: 'hostile', minutes: 3, run: { files: ['test/hostile/hostile'] } },
  { name: 'gpu', minutes: 1, run: { files: ['test/gpu/setup-cuda'] } },
  { name: 'proxies', minutes: 1, run: { files: ['test/proxies/nginx', 'test/proxies/docs-page'] } },
  { name: 'reading', minutes: 2, run: { package: '@portico/evaluate-ocr' } },
  { name: 'fresh clone', minutes: 4, run: { script: ['verify-fresh-clone.mjs'] } },
  { name: 'demo', minutes: 5, run: { package: '@portico/demo-web-test' } },
  { name: 'openapi', minutes: 1, run: { files: ['test/interop/openapi/lint'] } },
  { name: 'dependencies', minutes: 1, run: { script: ['verify-dependencies.mjs'] } },
  { name: 'image', minutes: 5, run: { script: ['verify-image.mjs'] } },
  // What the tests of every day cover in small.
  {
    name: 'overload and drain',
    minutes: 5,
    rotates: true,
    run: {
      files: [
        'test/overload/overload',
        'test/overload/slow-uploads',
        'test/overload/expensive-requests',
        'test/drain/rolling-update',
        'test/drain/while-starting',
      ],
    },
  },
  {
    name: 'kubernetes',
    minutes: 3,
    rotates: true,
    run: { files: ['test/deploy/rendering', 'test/deploy/simulation', 'test/deploy/autoscalers'] },
  },
  { name: 'large inputs', minutes: 5, rotates: true, run: { files: ['test/memory', 'test/vad'] } },
  { name: 'platforms', minutes: 4, rotates: true, run: { files: ['test/platforms/callers', 'test/platforms/pages'] } },
  { name: 'examples', minutes: 5, rotates: true, run: { files: ['test/examples'] } },
  { name: 'own service', minutes: 4, rotates: true, run: { files: ['test/foreign'] } },
  { name: 'guides', minutes: 1, rotates: true, run: { files: ['test/docs/guides'] } },
  { name: 'new projects', minutes: 8, rotates: true, run: { files: ['test/new'] } },
  { name: 'parity', minutes: 4, rotates: true, run: { files: ['test/presets'] } },
  { name: 'commands', minutes: 2, rotates: true, run: { files: ['test/cli'] } },
  { name: 'release', minutes: 4, rotates: true, run: { script: ['verify-release.mjs'] } },
  { name: 'Node 24', minutes: 8, rotates: true, run: { script: ['verify-node.mjs', '24'] } },
  // Projects that the frameworks' own generators make, with the SDK's pages in them.
  { name: 'Next.js', minutes: 7, rotates: true, run: { frameworks: ['nextjs', 'trpc'] } },
  { name: 'frameworks of pages', minutes: 5, rotates: true, run: { frameworks: ['vite', 'sveltekit'] } },
  { name: 'frameworks of servers', minutes: 3, rotates: true, run: { frameworks: ['express', 'hono', 'nestjs'] } },
  {
    name: 'test runners',
    minutes: 6,
    rotates: true,
    run: { frameworks: ['vitest', 'jest', 'environments', 'react-native'] },
  },
  // Minutes of traffic, and controls that show that a test can fail.
  { name: 'model repository', minutes: 3, rotates: true, run: { files: ['test/v2'] } },
  { name: 'shares', minutes: 3, rotates: true, run: { files: ['test/overload/shares'] } },
  { name: 'real clients', minutes: 2, rotates: true, run: { files: ['test/proxies/clients'] } },
  { name: 'control', minutes: 3, rotates: true, run: { files: ['test/hostile/judge'] } },
  { name: 'other images', minutes: 6, rotates: true, run: { script: ['verify-other-images.mjs'] } },
  // Environments of Python that take minutes and gigabytes to make.
  { name: 'tritonclient', minutes: 3, rotates: true, run: { files: ['test/interop/tritonclient'] } },
  { name: 'kserve client', minutes: 3, rotates: true, run: { files: ['test/interop/kserve'] } },
  { name: 'pytriton', minutes: 3, rotates: true, run: { files: ['test/interop/pytriton'] } },
  // A slice drawn by the seed; a full run takes all.
  { name: 'test vectors', minutes: 4, fullMinutes: 12, rotates: true, run: { files: ['test/interop/vectors'] } },
  { name: 'aws cli', minutes: 2, rotates: true, run: { files: ['test/platforms/aws'] } },
  { name: 'sentence-transformers', minutes: 5, rotates: true, run: { files: ['test/interop/embed'] } },
  { name: 'from python', minutes: 6, rotates: true, run: { files: ['test/interop/frameworks/from-python'] } },
  { name: 'default exports', minutes: 3, rotates: true, run: { files: ['test/interop/frameworks/default-exports'] } },
  { name: 'openapi clients', minutes: 6, rotates: true, run: { files: ['test/interop/openapi/tools'] } },
  // It installs Prometheus.
  { name: 'monitoring', minutes: 2, rotates: true, run: { files: ['test/monitoring'] } },
  {
    name: 'autoscaling',
    minutes: 10,
    rotates: true,
    run: { files: ['test/deploy/load-of-engines', 'test/deploy/scaling'] },
  },
  // It downloads 300 MB.
  { name: 'cuda provider', minutes: 3, rotates: true, run: { files: ['test/gpu/real-provider'] } },
  // It compiles Kubernetes' validation, in Go.
  { name: 'cluster schemas', minutes: 6, rotates: true, run: { files: ['test/deploy/cluster-schemas'] } },
  // The image of the step before, for minutes.
  {
    name: 'image in use',
    minutes: 6,
    onlyFull: true,
    run: { script: ['verify-image.mjs', '--built', '--requests', '100'] },
  },
  // It builds another commit, and the machine should do nothing else meanwhile.
  { name: 'speed', minutes: 8, onlyFull: true, run: { bench: ['gate'] } },
];

const { values: options, positionals: named } = parseArgs({
  options: { full: { type: 'boolean', default: false } },
  allowPositionals: true,
});
// A full run tries the newest of every framework, and its newest generator; others those that are pinned.
if (options.full) {
  process.env.PORTICO_LATEST ??= '1';
  process.env.PORTICO_ALL_VECTORS ??= '1';
}
const unknown = named.filter((name) => !steps.some((step) => step.name === name));
if (unknown.length > 0) {
  console.error(`There is no step ${unknown.join(', ')}: use ${steps.map(({ name }) => name).join(', ')}.`);
  process.exit(1);
}

const chosen = named.length > 0 ? steps.filter(({ name }) => named.includes(name)) : options.full ? steps : slice();
const ledger = [];
for (const step of chosen) {
  const minutes = (options.full && step.fullMinutes) || step.minutes;
  console.log(`\n== ${step.name}, budget ${minutes} min`);
  const startedAt = performance.now();
  const passed = runStep(step.run);
  ledger.push({ ...step, minutes, passed, took: (performance.now() - startedAt) / 60_000 });
}

const lines = ledger.map(({ name, minutes, passed, took }) => {
  const verdict = passed ? (took > minutes ? 'over budget' : 'passed') : 'FAILED';
  return `${name.padEnd(22)} ${took.toFixed(1).padStart(5)} of ${String(minutes).padStart(2)} min  ${verdict}`;
});
const failed = ledger.filter(({ passed }) => !passed);
const total = sum(ledger, ({ took }) => took);
console.log(`\n${lines.join('\n')}\n${'in all'.padEnd(22)} ${total.toFixed(1).padStart(5)} min\n`);
console.log(`verify: ${ledger.length - failed.length} passed, ${failed.length} failed`);
process.exitCode = failed.length > 0 ? 1 : 0;

/** All steps that neither rotate nor need a full run; then those that rotate, at least one, while there are minutes left. */
function slice() {
  const seed = process.env.VERIFY_SEED ?? execFileSync('git', ['rev-parse', 'HEAD'], { cwd: root, encoding: 'utf8' });
  const drawn = new Set(steps.filter((step) => !(step.rotates || step.onlyFull)));
  const fixed = drawn.size;
  let minutes = sum([...drawn], ({ minutes }) => minutes);
  const rotating = steps.filter(({ rotates }) => rotates).sort((one, other) => (rank(one) < rank(other) ? -1 : 1));
  for (const step of rotating) {
    if (drawn.size > fixed && minutes + step.minutes > maxMinutes) continue;
    drawn.add(step);
    minutes += step.minutes;
  }
  const names = rotating.filter((step) => drawn.has(step)).map(({ name }) => name);
  console.log(`seed ${seed.trim()}: of what rotates, ${names.join(', ')}`);
  return steps.filter((step) => drawn.has(step));

  function rank({ name }) {
    return createHash('sha256').update(`${seed.trim()} ${name}`).digest('hex');
  }
}

function runStep(run) {
  const node = (cwd, ...words) => spawnSync(process.execPath, words, { cwd, stdio: 'inherit' }).status === 0;
  if ('script' in run) return node(root, join(root, 'scripts', run.script[0]), ...run.script.slice(1));
  if ('bench' in run) return node(root, join(root, 'bench', 'dist', 'bench', 'src', 'main.js'), ...run.bench);
  if ('package' in run) return node(root, join(root, 'scripts', 'pnpm.mjs'), `--filter ${run.package} run verify`);
  const vitest = [join(root, 'node_modules', 'vitest', 'vitest.mjs'), 'run', '--config', 'vitest.verify.config.ts'];
  if ('frameworks' in run) {
    return node(sdk, ...vitest, ...run.frameworks.map((name) => join('test', 'frameworks', `${name}.verify.ts`)));
  }
  return node(server, ...vitest, ...run.files);
}

function sum(list, figure) {
  return list.reduce((total, each) => total + figure(each), 0);
}
