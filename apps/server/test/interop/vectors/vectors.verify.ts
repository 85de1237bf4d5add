import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { explainSkip } from '../../harness/measured.ts';
import { pythonEnvironment } from '../../harness/python-environment.ts';
import { type ServerProcess, startServer } from '../../harness/server-process.ts';

/** What became of a file of the wheel. */
interface Report {
  readonly name: string;
  readonly operators: readonly string[];
  readonly tensors: readonly string[];
  /** Why ONNX Runtime in Python does not load it. */
  readonly python: string | null;
  /** Why the server does not serve it. */
  readonly refused: string | null;
  /** Responses that were compared with the outputs of Python. */
  readonly compared?: number;
  /** Of them, those with the same bits. */
  readonly identical?: number;
  /** Requests that the server answered with 400, and that fail in Python. */
  readonly failedAlike?: number;
  readonly expectedMet?: number;
  readonly expectedMissed?: number;
  readonly problems: readonly string[];
}

const key = 'of-the-test-vectors';
/** Of the rotating slice; `npm run verify:full` takes all. */
const maxVectors = 240;
const perTest = 80;
const loadMs = 290_000;

const environment = await pythonEnvironment(join(import.meta.dirname, 'requirements.txt'));
if ('missing' in environment) explainSkip(`the test vectors of onnx were not run: ${environment.missing}`);
const { version, names } = 'missing' in environment ? { version: '', names: [] } : await listed(environment.python);
const chosen = process.env['PORTICO_ALL_VECTORS'] === '1' ? names : slice(names, maxVectors);

describe.skipIf('missing' in environment)('The test vectors that onnx and onnxruntime bring along', () => {
  if ('missing' in environment) return;
  const repository = mkdtempSync(join(tmpdir(), 'portico-vectors-'));
  const reports: Report[] = [];
  let server: ServerProcess;
  beforeAll(async () => {
    server = await startServer({
      MODEL_NAME: '',
      MODEL_REPOSITORY: repository,
      MODEL_CONTROL: 'explicit',
      API_KEYS: key,
    });
  });
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
    rmSync(repository, { recursive: true });
  });

  it('are run by the same version of ONNX Runtime as the server has', () => {
    const own = createRequire(import.meta.url)('onnxruntime-node/package.json') as object;
    expect(own).toMatchObject({ version });
    expect(names.length).toBeGreaterThan(1_800);
  });

  it.each(chunks(chosen, perTest))(
    'are served as Python computes them, or refused with the reason and the cure: %s and what follows',
    { timeout: loadMs },
    async (...some) => {
      const [script, address] = [join(import.meta.dirname, 'vectors.py'), `127.0.0.1:${server.port}`];
      const { stdout } = await promisify(execFile)(
        environment.python,
        [script, 'run', address, repository, key, ...some],
        { timeout: loadMs, maxBuffer: 64 * 1024 * 1024 },
      );
      const found = stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Report);
      reports.push(...found);
      expect(found.map(({ name }) => name)).toEqual(some);
      expect(found.filter(({ problems }) => problems.length > 0)).toEqual([]);
      expect(found.filter(({ python, refused }) => python !== null && refused === null)).toEqual([]);
      const refused = found.filter((report) => report.refused !== null && !isExplained(report, report.refused));
      expect(refused).toEqual([]);
    },
  );

  it('leave nothing behind: no engine, no model', async () => {
    const headers = { authorization: `Bearer ${key}` };
    const index = await fetch(`${server.url}/v2/repository/index`, { method: 'POST', headers });
    expect([index.status, await index.json()]).toEqual([200, []]);
    expect(await server.engines()).toEqual([]);
    process.stderr.write(`measured: test vectors: ${told(reports)}\n`);
  });
});

/** A fact about the file or its tensors, and what to do. No sources of C++, no folders. */
function isExplained({ name, operators, tensors }: Report, refused: string): boolean {
  const [, why = ''] =
    new RegExp(`^Version 1 of model ${name} does not load: (.*) No version of it is served\\.$`).exec(refused) ?? [];
  return (
    new RegExp(`^(${name}\\.onnx|The (input|output)s?) [^\\n]+\\. (Export|Install|They) [^\\n]+\\.$`).test(why) &&
    [...operators, ...tensors].some((word) => why.includes(word)) &&
    !/onnxruntime::|\.(cc|h|cpp):\d|\/\w+\//.test(why) &&
    why.length < 500
  );
}

function told(reports: readonly Report[]): string {
  const sum = (count: (report: Report) => number | undefined): number =>
    reports.reduce((total, report) => total + (count(report) ?? 0), 0);
  return (
    `${reports.length} files, ${sum(({ refused }) => Number(refused === null))} served, ${sum(({ refused }) => Number(refused !== null))} ` +
    `refused, of them ${sum(({ python }) => Number(python !== null))} by Python too; ${sum(({ compared }) => compared)} responses equal to ` +
    `Python's, ${sum(({ identical }) => identical)} of them bit by bit, ${sum(({ failedAlike }) => failedAlike)} failures in both; ${sum(({ expectedMet }) => expectedMet)} examples as the wheel ` +
    `expects, ${sum(({ expectedMissed }) => expectedMissed)} where ONNX Runtime differs`
  );
}

async function listed(python: string): Promise<{ readonly version: string; readonly names: readonly string[] }> {
  const { stdout } = await promisify(execFile)(python, [join(import.meta.dirname, 'vectors.py'), 'list']);
  return JSON.parse(stdout) as { version: string; names: string[] };
}

/** So many of them, drawn by a seed: the commit, unless VERIFY_SEED says another. */
function slice(all: readonly string[], count: number): string[] {
  const seed = process.env['VERIFY_SEED'] ?? execFileSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8' }).trim();
  process.stderr.write(`test vectors: seed ${seed}\n`);
  const rank = (name: string): string => createHash('sha256').update(`${seed} ${name}`).digest('hex');
  const ranked = all.map((name) => ({ name, rank: rank(name) }));
  return ranked
    .sort((one, other) => (one.rank < other.rank ? -1 : 1))
    .slice(0, count)
    .map(({ name }) => name);
}

function chunks(all: readonly string[], size: number): string[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
    all.slice(index * size, (index + 1) * size),
  );
}
