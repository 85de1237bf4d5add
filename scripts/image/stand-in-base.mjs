// Stand-ins for the images that the Dockerfile is FROM, made of Debian's own packages and npm's package of Node, where no registry of images
// can be reached. They have another size and other packages than the real ones, and the same C library and the same Node.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { buildah, hasImage, imageOfFolder, storeFolder } from './container-tools.mjs';

const certificates = '/etc/ssl/certs/ca-certificates.crt';
const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** The default of a build argument of a Dockerfile. */
function defaultOf(dockerfile, argument) {
  const [, value] = new RegExp(`^ARG ${argument}=(\\S+)$`, 'm').exec(readFileSync(dockerfile, 'utf8')) ?? [];
  if (value === undefined) throw new Error(`${dockerfile} has no ARG ${argument}`);
  return value;
}

/** Sees to it that the default of `BASE` is in the store; returns its name. */
export function standInForNode(dockerfile) {
  const tag = defaultOf(dockerfile, 'BASE');
  const [, version, suite] = /node:([\d.]+)-(\w+)-slim$/.exec(tag) ?? [];
  if (version === undefined) throw new Error(`BASE is ${tag}: there is no stand-in but for node:VERSION-SUITE-slim`);
  if (hasImage(tag)) return tag;
  const system = standInForDebian(suite);
  const folder = storeFolder(`node-${version}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  execFileSync('npm', ['install', '--no-save', '--no-audit', '--no-fund', `node@${version}`], {
    cwd: folder,
    stdio: 'ignore',
  });
  const local = join(folder, 'files/usr/local');
  mkdirSync(join(local, 'bin'), { recursive: true });
  cpSync(join(folder, 'node_modules/node/bin/node'), join(local, 'bin/node'));
  const npm = execFileSync('npm', ['root', '--global'], { encoding: 'utf8' }).trim();
  cpSync(join(npm, 'npm'), join(local, 'lib/node_modules/npm'), { recursive: true });
  for (const name of ['npm', 'npx']) {
    symlinkSync(`../lib/node_modules/npm/bin/${name}-cli.js`, join(local, 'bin', name));
  }
  // Where the registry of packages is reached through an authority of the network's own, this machine knows it.
  const authority = existsSync(certificates) ? { NODE_EXTRA_CA_CERTS: certificates } : {};
  imageOfFolder(join(folder, 'files'), { tag, from: system, environment: { NODE_VERSION: version, ...authority } });
  rmSync(folder, { recursive: true, force: true });
  return tag;
}

/** Sees to it that the default of `CUDA_BASE` is in the store: a plain Debian, without a CUDA library. */
export function standInForCuda(dockerfile) {
  const tag = defaultOf(dockerfile, 'CUDA_BASE');
  if (!hasImage(tag)) buildah('tag', standInForDebian('trixie'), tag);
  return tag;
}

/** Sees to it that a plain Debian is in the store; returns its name. */
function standInForDebian(suite) {
  const tag = `localhost/debian:${suite}`;
  if (hasImage(tag)) return tag;
  const folder = storeFolder(`debian-${suite}`);
  const unfinished = `${folder}.unfinished`;
  if (!existsSync(folder)) {
    rmSync(unfinished, { recursive: true, force: true });
    execFileSync(
      'debootstrap',
      ['--variant=minbase', '--include=ca-certificates,libstdc++6', suite, unfinished],
      // It says its progress on standard output.
      { stdio: ['ignore', 'ignore', 'inherit'] },
    );
    for (const cache of ['var/cache/apt/archives', 'var/lib/apt/lists']) {
      rmSync(join(unfinished, cache), { recursive: true, force: true });
    }
    mkdirSync(join(unfinished, 'var/cache/apt/archives/partial'), { recursive: true });
    if (existsSync(certificates)) cpSync(certificates, join(unfinished, certificates));
    execFileSync('chroot', [unfinished, 'useradd', '--uid', '1000', '--create-home', 'node']);
    renameSync(unfinished, folder);
  }
  imageOfFolder(folder, { tag, environment: { PATH: path } });
  return tag;
}
