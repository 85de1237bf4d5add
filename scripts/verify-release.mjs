// What `npm run release -- --dry-run` refuses and packs, in a clone of its own.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repositoryOf } from './release-repository.mjs';

const root = join(import.meta.dirname, '..');
const place = mkdtempSync(join(tmpdir(), 'portico-verify-release-'));
const clone = join(place, 'portico');
const keep = join(place, 'kept');

const addresses = [
  ['https://git.example.org/people/portico.git', 'git+https://git.example.org/people/portico.git'],
  ['https://name:secret@git.example.org/people/portico/', 'git+https://git.example.org/people/portico'],
  ['ssh://git@git.example.org:2222/people/portico.git', 'git+https://git.example.org/people/portico.git'],
  ['git@git.example.org:people/portico.git', 'git+https://git.example.org/people/portico.git'],
];
const noAddresses = ['/srv/portico', '../portico', 'file:///srv/portico', 'C:\\portico', 'C:/portico', ''];

try {
  for (const [origin, url] of addresses) {
    assert.deepEqual(repositoryOf(origin, 'packages/sdk'), { type: 'git', url, directory: 'packages/sdk' });
  }
  for (const origin of noAddresses) assert.throws(() => repositoryOf(origin, 'packages/sdk'), /no address on the web/);

  execFileSync('git', ['clone', '--quiet', `file://${root}`, clone]);
  writeFileSync(join(clone, '.changeset/one-more.md'), "---\n'@portico/sdk': minor\n---\n\nOne more thing.\n");
  refuses(/not committed:.*one-more/s);
  commit();
  refuses(/changesets wait .*one-more/);
  execFileSync('npm', ['run', '--silent', 'changeset', 'version'], { cwd: clone, stdio: 'ignore' });
  commit();
  refuses(/origin is file:.* no address on the web/);
  git('remote', 'remove', 'origin');
  refuses(/no remote origin/);
  git('remote', 'add', 'origin', 'git@git.example.org:people/portico.git');

  const { status, stdout, stderr } = release('--keep', keep);
  assert.equal(status, 0, stderr);
  assert.match(stdout, /nothing has been sent/);
  const packed = [...stdout.matchAll(/^@portico\/(\S+) .* is packed/gm)].map(([, name]) => name);
  assert.deepEqual(packed, ['schemas', 'api', 'media', 'sdk', 'server']);
  for (const name of packed) checkTarball(name);
  assert.equal(git('status', '--porcelain'), '');
  console.log(`${addresses.length + noAddresses.length} addresses, 4 refusals, ${packed.length} packages: passed`);
} finally {
  rmSync(place, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}

/** A package holds modules, their types and its papers, and names nothing that only this repository has. */
function checkTarball(name) {
  const source = JSON.parse(readFileSync(join(clone, 'packages', name, 'package.json'), 'utf8'));
  const tarball = keptTarball(`@portico/${name}`);
  const manifest = JSON.parse(tar('-xzOf', tarball, 'package/package.json'));
  const files = tar('-tzf', tarball)
    .trim()
    .replaceAll(/^package\//gm, '')
    .split('\n');
  for (const file of ['LICENSE', 'README.md', 'dist/index.js', 'dist/index.d.ts']) {
    assert.ok(files.includes(file), `${name} has no ${file}`);
  }
  const isPaper = (file) => /^(LICENSE|README\.md|CHANGELOG\.md|package\.json)$/.test(file);
  const isModule = (file) => /^dist\/.*\.(js|d\.ts)$/.test(file) && !/\.test(-d)?\.|^dist\/.+\/testing\//.test(file);
  assert.deepEqual(
    files.filter((file) => !isPaper(file) && !isModule(file)),
    [],
  );
  const declarations = files.filter((file) => file.endsWith('.d.ts')).map((file) => `package/${file}`);
  assert.doesNotMatch(tar('-xzOf', tarball, ...declarations), /['"]onnxruntime/);
  assert.deepEqual(manifest.repository, {
    type: 'git',
    url: 'git+https://git.example.org/people/portico.git',
    directory: `packages/${name}`,
  });
  assert.equal(source.repository, undefined);
  assert.equal(manifest.version, source.version);
  assert.equal(manifest.publishConfig.provenance, true);
  assert.doesNotMatch(JSON.stringify(manifest), /workspace:|catalog:|@portico\/source|\/internal/);
  for (const [needed, range] of Object.entries({ ...manifest.dependencies, ...manifest.peerDependencies })) {
    assert.match(range, /^\^\d/, `${name} pins ${needed}`);
    if (needed.startsWith('@portico/')) assert.equal(range, `^${manifest.version}`);
  }
  console.log(`${manifest.name} ${manifest.version} would be published from ${manifest.repository.url}`);
}

function refuses(reason) {
  const { status, stderr } = release();
  assert.equal(status, 1);
  assert.match(stderr, reason);
}

function release(...words) {
  return spawnSync('npm', ['run', '--silent', 'release', '--', '--dry-run', ...words], {
    cwd: clone,
    encoding: 'utf8',
    timeout: 5 * 60_000,
  });
}

function keptTarball(name) {
  const folder = join(keep, name);
  const [file, ...others] = readdirSync(folder);
  assert.deepEqual(others, []);
  return join(folder, file);
}

function tar(...words) {
  return execFileSync('tar', words, { encoding: 'utf8' });
}

function commit() {
  const who = ['-c', 'user.name=Release', '-c', 'user.email=release@example.org'];
  git('add', '--all');
  git(...who, 'commit', '--quiet', '--message', 'Versions');
}

function git(...words) {
  return execFileSync('git', words, { cwd: clone, encoding: 'utf8' }).trim();
}
