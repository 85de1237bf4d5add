import { expect, it } from 'vitest';
import { cgroupCores } from './cgroup-cores.ts';

const cores = (files: Record<string, string>): number => cgroupCores((path) => files[path]);

it('There is no limit outside a cgroup', () => {
  expect(cores({})).toBe(Infinity);
});

it('cgroup v2 has a quota and a period in one file', () => {
  expect(cores({ '/proc/self/cgroup': '0::/\n', '/sys/fs/cgroup/cpu.max': '150000 100000\n' })).toBe(1.5);
  expect(cores({ '/proc/self/cgroup': '0::/\n', '/sys/fs/cgroup/cpu.max': 'max 100000\n' })).toBe(Infinity);
});

it('The narrowest of a group and those above it counts', () => {
  const files = {
    '/proc/self/cgroup': '0::/pods/one\n',
    '/sys/fs/cgroup/pods/cpu.max': '200000 100000\n',
    '/sys/fs/cgroup/pods/one/cpu.max': '800000 100000\n',
  };
  expect(cores(files)).toBe(2);
});

it('cgroup v1 has a quota and a period in two files', () => {
  const own = '12:memory:/pod\n5:cpuset:/pod\n4:cpu,cpuacct:/pod\n';
  const folder = '/sys/fs/cgroup/cpu/pod';
  const files = { '/proc/self/cgroup': own, [`${folder}/cpu.cfs_period_us`]: '100000\n' };
  expect(cores({ ...files, [`${folder}/cpu.cfs_quota_us`]: '400000\n' })).toBe(4);
  expect(cores({ ...files, [`${folder}/cpu.cfs_quota_us`]: '-1\n' })).toBe(Infinity);
});

it('In a container its own group is the root of what it sees', () => {
  const own = '4:cpu,cpuacct:/docker/0123456789ab\n';
  const files = {
    '/proc/self/cgroup': own,
    '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': '50000',
    '/sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000',
  };
  expect(cores(files)).toBe(0.5);
});
