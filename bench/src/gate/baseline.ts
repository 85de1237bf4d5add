import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { reasonOf } from '../report.ts';
import { repositoryRoot } from '../settings.ts';

/** A commit to compare with, or why there is none. */
export type Baseline = { readonly commit: string; readonly origin: string } | { readonly missing: string };

/** A commit, built in a folder of its own. */
export interface Build extends Disposable {
  readonly folder: string;
}

const recordPath = join('bench', 'gate-commit');
const releaseTags = '@portico/server@*';

/** The commit that was named; else the last release; else the one that is recorded. */
export function findBaseline(named: string | undefined): Baseline {
  try {
    const [tag] = git('tag', '--list', releaseTags, '--sort=-version:refname', '--merged', 'HEAD').split('\n');
    const recorded = (): string => readFileSync(join(repositoryRoot, recordPath), 'utf8').trim();
    const [name, origin] =
      named !== undefined ? [named, 'as named'] : tag ? [tag, `release ${tag}`] : [recorded(), `of ${recordPath}`];
    return { commit: resolve(name), origin };
  } catch (error) {
    return { missing: reasonOf(error) };
  }
}

function resolve(name: string): string {
  try {
    return git('rev-parse', '--verify', '--quiet', `${name}^{commit}`);
  } catch {
    const shallow = git('rev-parse', '--is-shallow-repository') === 'true';
    throw new Error(
      `${name} is not in this clone${shallow ? ', which is shallow: fetch the whole history' : ': name another commit'}`,
    );
  }
}

/**
 * Builds a commit, but with the bench's server and models of the working tree, so that both serve the same. It takes a minute or
 * two.
 */
export function buildCommit(commit: string): Build {
  const folder = join(mkdtempSync(join(tmpdir(), 'portico-gate-')), 'portico');
  const remove = (): void => {
    rmSync(folder, { recursive: true, force: true });
    git('worktree', 'prune');
  };
  process.once('exit', remove);
  git('worktree', 'add', '--quiet', '--detach', folder, commit);
  const commands = ['install --frozen-lockfile --prefer-offline --silent', `turbo run build --filter=@portico/bench`];
  execFileSync(process.execPath, [join(folder, 'scripts', 'pnpm.mjs'), ...commands], { cwd: folder, stdio: 'ignore' });
  const built = join('bench', 'dist');
  cpSync(join(repositoryRoot, built), join(folder, built), { recursive: true });
  return {
    folder,
    [Symbol.dispose]: () => {
      process.removeListener('exit', remove);
      remove();
    },
  };
}

const git = (...args: string[]): string =>
  execFileSync('git', args, { cwd: repositoryRoot, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
