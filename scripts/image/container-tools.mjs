// Builds and runs images with buildah, podman and runc: no Docker engine, no registry, no service manager. For root on Debian.
import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const packages = ['buildah', 'podman', 'runc', 'debootstrap'];
/** Images, their layers and the packages that builds download stay here, which makes the next build a matter of seconds. */
const store = process.env.IMAGE_STORE || join(tmpdir(), 'portico-images');
/** Layers of builds that nobody has used for so long are removed. */
const maxLayerAge = '48h';
const stopTimeoutSeconds = 75;
/** Of what a command printed before it failed. */
const maxMessageLength = 6_000;

/** Why no image can be built here; undefined if one can, after what was missing has been installed. */
export function whyNoImages() {
  if (process.platform !== 'linux' || process.getuid() !== 0) return 'building an image takes root on Linux';
  if (packages.some((name) => spawnSync('sh', ['-c', `command -v ${name}`]).status !== 0)) {
    if (!existsSync('/etc/debian_version')) return `${packages.join(', ')} are not installed, and this is no Debian`;
    console.log(`installing ${packages.join(', ')}`);
    const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    execFileSync('apt-get', ['update', '-qq'], { stdio: 'ignore', env: environment });
    execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], {
      stdio: 'ignore',
      env: environment,
    });
  }
  mkdirSync(join(store, 'downloads'), { recursive: true });
  podman('image', 'prune', '--force', '--filter', `until=${maxLayerAge}`);
  return undefined;
}

export const storeFolder = (name) => join(store, name);

/** Runs buildah or podman on the store; returns what it prints. */
export function buildah(...words) {
  return run('buildah', ...storage(), ...words);
}

export function podman(...words) {
  return run('podman', ...storage(), '--cgroup-manager', 'cgroupfs', '--runtime', 'runc', ...words);
}

/** What a person types before `run`. */
export const podmanCommand = ['podman', ...storage(), '--runtime', 'runc'].join(' ');

function storage() {
  return ['--root', join(store, 'images'), '--runroot', join(store, 'running'), '--storage-driver', 'overlay'];
}

function run(command, ...words) {
  const { status, stdout, stderr } = spawnSync(command, words, { ...surroundings(), encoding: 'utf8' });
  if (status === 0) return stdout.trim();
  throw new Error(`${command} ${words.join(' ')} ended with ${status}:\n${stderr.slice(-maxMessageLength)}`);
}

const surroundings = () => ({
  maxBuffer: 256 * 1024 * 1024,
  // What watches a container leaves a file here when the kernel has ended one of its processes.
  cwd: store,
  // Where buildah keeps the cache mounts of a Dockerfile.
  env: { ...process.env, TMPDIR: join(store, 'downloads') },
});

/**
 * Builds a target of a Dockerfile without pulling anything; `args` are its build arguments. This process does not wait for it, and may serve
 * what the build downloads.
 */
export async function buildImage({ file, context, target, tag, args = {} }) {
  // A HEALTHCHECK is no part of the OCI format.
  const how = ['--isolation', 'chroot', '--network', 'host', '--pull=never', '--layers', '--format', 'docker'];
  const settings = Object.entries(args).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]);
  const what = ['--target', target, '--file', file, '--tag', tag, context];
  const words = [...storage(), 'bud', ...how, ...settings, ...what];
  try {
    await promisify(execFile)('buildah', words, surroundings());
  } catch (error) {
    const printed = `${error.stdout ?? ''}\n${error.stderr || error.message}`.slice(-maxMessageLength);
    throw new Error(`${tag} cannot be built:\n${printed}`, { cause: error });
  }
}

export const hasImage = (tag) => spawnSync('buildah', [...storage(), 'inspect', '--type', 'image', tag]).status === 0;

export const imageBytes = (tag) => Number(podman('image', 'inspect', tag, '--format', '{{.Size}}'));

/** A new image of one layer: the files of a folder. */
export function imageOfFolder(folder, { tag, environment = {}, from = 'scratch' }) {
  const container = buildah('from', '--pull-never', from);
  buildah('add', '--quiet', container, folder, '/');
  const settings = Object.entries(environment).flatMap(([name, value]) => ['--env', `${name}=${value}`]);
  buildah('config', ...settings, container);
  buildah('commit', '--quiet', '--rm', container, tag);
}

/** Runs a command in a container of its own; returns what it prints. */
export function runInImage(tag, command, ...words) {
  return podman('run', '--rm', ...limits(), '--network', 'none', '--entrypoint', command, tag, ...words);
}

/** Runs a container as a careful platform does, for as long as `use` takes: nothing to write to, no capability, no way to new privileges. */
export async function withContainer(options, use) {
  const container = startContainer(options);
  try {
    return await use(container);
  } finally {
    podman('rm', '--force', '--time', '0', container.name);
  }
}

function startContainer({ tag, environment = {}, memory, cpus, options = [], words = [] }) {
  const bare = ['--read-only', '--read-only-tmpfs=false', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges'];
  const memoryLimit = memory === undefined ? [] : ['--memory', memory];
  const cpuLimit = cpus === undefined ? [] : ['--cpus', String(cpus)];
  const settings = Object.entries(environment).flatMap(([variable, value]) => ['--env', `${variable}=${value}`]);
  const how = [...limits(), '--network', 'host', '--no-healthcheck', ...bare, ...memoryLimit, ...cpuLimit, ...settings];
  const name = podman('run', '--detach', ...how, ...options, tag, ...words);
  const state = (what) => podman('inspect', name, '--format', `{{.State.${what}}}`);
  return {
    name,
    pid: Number(state('Pid')),
    logs: () => podman('logs', name),
    /** Runs a command in the container; returns its status. */
    execute: (...command) => spawnSync('podman', [...storage(), '--runtime', 'runc', 'exec', name, ...command]).status,
    /** What the HEALTHCHECK of the image says, as Docker runs it: 0 is healthy. */
    checkHealth() {
      const [kind, command] = JSON.parse(podman('image', 'inspect', tag, '--format', '{{json .HealthCheck.Test}}'));
      if (kind !== 'CMD-SHELL') throw new Error(`HEALTHCHECK is ${kind}`);
      return this.execute('sh', '-c', command);
    },
    /** Sends SIGTERM and returns the exit code. */
    stop() {
      podman('stop', '--time', String(stopTimeoutSeconds), name);
      return Number(state('ExitCode'));
    },
    async exitCode() {
      for (let waited = 0; waited < stopTimeoutSeconds * 10; waited += 1) {
        if (state('Running') === 'false') return Number(state('ExitCode'));
        await sleep(100);
      }
      throw new Error('the container has not ended');
    },
  };
}

/** Those that a machine without CAP_SYS_RESOURCE can set: podman's own defaults are higher. */
function limits() {
  const [, soft, hard] = /^Max open files +(\d+) +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
  return ['--ulimit', `nofile=${soft}:${hard}`, '--ulimit', 'nproc=32768:32768'];
}

/** What the kernel says about a process of a container: its user, its capabilities, and its memory cgroup's figures. */
export function kernelView(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const field = (name) => new RegExp(`^${name}:\\s+(\\S+)`, 'm').exec(status)?.[1];
  const groups = readFileSync(`/proc/${pid}/cgroup`, 'utf8').trim().split('\n');
  const v1 = groups.find((line) => /^\d+:[^:]*\bmemory\b/.test(line))?.split(':')[2];
  const v2 = groups.find((line) => line.startsWith('0::'))?.slice(3);
  const folder = v1 === undefined ? `/sys/fs/cgroup${v2}` : `/sys/fs/cgroup/memory${v1}`;
  const bytes = (file) => Number(readFileSync(join(folder, file), 'utf8'));
  return {
    uid: Number(field('Uid')),
    capabilities: Number.parseInt(field('CapEff'), 16),
    limitBytes: bytes(v1 === undefined ? 'memory.max' : 'memory.limit_in_bytes'),
    peakBytes: bytes(v1 === undefined ? 'memory.peak' : 'memory.max_usage_in_bytes'),
    cgroup: folder,
  };
}
