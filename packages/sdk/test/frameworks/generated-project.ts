import { type ChildProcess, execFile } from 'node:child_process';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { pack } from '../packed/consumer.ts';
import { createProject, type Project } from '../packed/project.ts';
import { recipesFolder } from '../recipes/pages.ts';

const run = promisify(execFile);
const generateMs = 60_000;
const installMs = 240_000;
/** From an answer to the next question, at most. */
const answerMs = 5_000;
const commandMs = 200_000;

/** The newest of everything instead of what is pinned: `verify:full`. */
function wantsLatest({ latestNeedsNode }: Generator): boolean {
  return process.env['PORTICO_LATEST'] === '1' && isNode(latestNeedsNode);
}

const isNode = (least = 20): boolean => Number.parseInt(process.versions.node, 10) >= least;

export interface Generator {
  /** How a person makes a project in the folder `my-app`, as the page shows it: `npx create-vite@latest my-app --template react-ts`. */
  readonly command: string;
  /** The version that stands for `@latest` in the command, unless the newest is wanted. */
  readonly version: string;
  /** What the command has besides, to ask nothing and install nothing. */
  readonly unattended?: readonly string[];
  /** What has to be there first, in the folder that the command runs in. Returns the command's environment. */
  readonly prepare?: (folder: string) => Promise<NodeJS.ProcessEnv>;
  /** What is typed whenever the command asks. */
  readonly answer?: string;
  /** Packages that the page adds, as it names them: `@tanstack/react-query`, `typescript@6`. */
  readonly adds?: readonly string[];
  /** The major version of Node without which the newest versions do not run: there, the pinned ones stay. */
  readonly latestNeedsNode?: number;
  /** The pinned version of every package that the project names. */
  readonly versions: Readonly<Record<string, string>>;
}

export interface GeneratedProjectOptions {
  /** The folders of `recipes/` that are laid over the project. */
  readonly recipes: readonly string[];
  /** Packages of the test's own, by version, which no page names: a browser, for instance. */
  readonly tools?: Readonly<Record<string, string>>;
  /** The workspace's packages that are packed and installed, by their folders. */
  readonly packages?: readonly string[];
}

/** A project as its framework's generator makes it, with the packed SDK installed and a recipe's files in their places. */
export async function generateProject(
  generator: Generator,
  { recipes, tools = {}, packages = ['sdk'] }: GeneratedProjectOptions,
): Promise<Project> {
  const parent = await createProject();
  const project = { ...parent, folder: join(parent.folder, 'my-app') };
  try {
    await generate(generator, parent.folder);
    const tarballs: Record<string, string> = {};
    for (const name of packages) tarballs[`@portico/${name}`] = `file:${await pack(name, parent)}`;
    await addDependencies(project, generator, { ...tarballs, ...tools });
    // npm as the page's reader runs it, but for scripts: whatever these frameworks need arrives as packages.
    const options = ['--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts'];
    await runIn(project, 'npm', ['install', ...options], { timeoutMs: installMs });
    for (const recipe of recipes) await cp(join(recipesFolder, recipe), project.folder, { recursive: true });
    return project;
  } catch (error) {
    await parent[Symbol.asyncDispose]();
    throw error;
  }
}

async function generate(generator: Generator, folder: string): Promise<void> {
  const { command, version, unattended = [], prepare, answer, latestNeedsNode } = generator;
  if (process.env['PORTICO_LATEST'] === '1' && !isNode(latestNeedsNode))
    process.stderr.write(
      `not the newest: what ${command} installs needs Node ${latestNeedsNode}, this is ${process.version}\n`,
    );
  const [program = '', ...words] = command.split(' ');
  const chosen = words.map((word) => (wantsLatest(generator) ? word : word.replace(/@latest$/, `@${version}`)));
  // npm asks before it downloads a generator.
  const environment = { npm_config_yes: 'true', ...(await prepare?.(folder)) };
  await runIn({ folder }, program, [...chosen, ...unattended], { environment, answer, timeoutMs: generateMs });
}

/** Writes what is to be installed into the project's package.json: pinned, unless the newest is wanted. */
async function addDependencies(
  { folder }: Pick<Project, 'folder'>,
  generator: Generator,
  others: Readonly<Record<string, string>>,
): Promise<void> {
  const { adds = [], versions } = generator;
  const file = join(folder, 'package.json');
  const manifest = JSON.parse(await readFile(file, 'utf8')) as Manifest;
  const pin = (asked: Readonly<Record<string, string>>): Record<string, string> =>
    Object.fromEntries(
      Object.entries(asked).map(([name, range]) => [name, wantsLatest(generator) ? range : pinned(name)]),
    );
  function pinned(name: string): string {
    const version = versions[name];
    if (version === undefined) throw new Error(`The project names ${name}, of which no version is pinned.`);
    return version;
  }
  const added = Object.fromEntries(
    adds.map((words) => {
      const [, name = words, range = 'latest'] = /^(@?[^@]+)@(.+)$/.exec(words) ?? [];
      return [name, range];
    }),
  );
  const dependencies = { ...pin({ ...manifest.dependencies, ...added }), ...others };
  const devDependencies = pin(manifest.devDependencies ?? {});
  await writeFile(file, JSON.stringify({ ...manifest, dependencies, devDependencies }, null, 2));
}

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

export interface CommandOptions {
  readonly environment?: NodeJS.ProcessEnv;
  /** What is typed whenever the command asks. */
  readonly answer?: string | undefined;
  readonly timeoutMs?: number;
}

/** Runs a command in the project and returns what it printed; one that fails throws with all of it. */
export async function runIn(
  { folder }: Pick<Project, 'folder'>,
  program: string,
  words: readonly string[],
  { environment, answer, timeoutMs = commandMs }: CommandOptions = {},
): Promise<string> {
  // Vitest's own environment would make a build one for tests.
  const { NODE_ENV: _ofVitest, VITEST: _too, ...inherited } = process.env;
  try {
    const running = run(program, words, {
      cwd: folder,
      env: { ...inherited, CI: '1', NO_COLOR: '1', ...environment },
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
      maxBuffer: 2 ** 26,
    });
    if (answer !== undefined) answerQuestions(running.child, answer);
    const { stdout, stderr } = await running;
    return stdout + stderr;
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`${program} ${words.join(' ')}: ${stdout}\n${stderr}`, { cause: error });
  }
}

function answerQuestions({ stdin, stdout }: ChildProcess, answer: string): void {
  // The last answer can be late.
  stdin?.on('error', () => {});
  // Some commands end with what they read from.
  let end: NodeJS.Timeout | undefined;
  stdout?.on('data', (chunk: Buffer | string) => {
    if (!chunk.includes('?')) return;
    stdin?.write(answer);
    clearTimeout(end);
    end = setTimeout(() => stdin?.end(), answerMs);
  });
}

/** Replaces something in a file that the generator made, as the page says. */
export async function replaceIn(file: string, search: string, replacement: string): Promise<void> {
  const text = await readFile(file, 'utf8');
  if (!text.includes(search)) throw new Error(`${file} has no "${search}":\n${text}`);
  await writeFile(file, text.replace(search, replacement));
}
