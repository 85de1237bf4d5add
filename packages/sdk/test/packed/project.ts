import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const timeoutMs = 180_000;

/** A folder outside the workspace with packages from npm in it; it goes with the test. */
export interface Project extends AsyncDisposable {
  readonly folder: string;
}

/** Makes an empty folder. */
export async function createProject(): Promise<Project> {
  const folder = await mkdtemp(join(tmpdir(), 'portico-sdk-'));
  return {
    folder,
    async [Symbol.asyncDispose]() {
      await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}

/** Installs packages in a project without running their scripts: binaries come as packages of their own. */
export async function install(project: Project, dependencies: Readonly<Record<string, string>>): Promise<void> {
  const { folder } = project;
  await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module', dependencies }));
  const options = ['--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts'];
  await run('npm', ['install', ...options], { cwd: folder, timeout: timeoutMs });
}

/** Makes a project with packages; nothing is left of it where that fails. */
export async function installProject(dependencies: Readonly<Record<string, string>>): Promise<Project> {
  const project = await createProject();
  try {
    await install(project, dependencies);
    return project;
  } catch (error) {
    await project[Symbol.asyncDispose]();
    throw error;
  }
}
