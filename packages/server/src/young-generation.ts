import { PerformanceObserver } from 'node:perf_hooks';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/** Of both semi-spaces. With 2 MB, objects in flight are promoted too soon: the gateway holds 148 MB after load under `/v2`, not 128. */
const enoughBytes = 8 * 1024 * 1024;

/**
 * Keeps V8's young generation from growing far beyond 8 MB. It would grow to 32 MB, and to 64 MB from Node 24 on, and the
 * buffers of finished uploads stay until it is full. V8 takes a size from the command line only, and one that is given there wins;
 * it obeys the growth factor at any time. When idle, V8 shrinks the young generation again.
 */
export function boundYoungGeneration(): void {
  if (/semi.space/.test([...process.execArgv, process.env['NODE_OPTIONS']].join(' '))) {
    setFlagsFromString('--semi-space-growth-factor=2');
    return;
  }
  let mayGrow: boolean | undefined;
  const adjust = (): void => {
    const { space_size: bytes = 0 } =
      getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space') ?? {};
    if (mayGrow === bytes < enoughBytes) return;
    mayGrow = bytes < enoughBytes;
    setFlagsFromString(`--semi-space-growth-factor=${mayGrow ? 2 : 1}`);
  };
  adjust();
  new PerformanceObserver(adjust).observe({ entryTypes: ['gc'] });
}
