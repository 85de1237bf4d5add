import { PerformanceObserver } from 'node:perf_hooks';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/** Both halves of it. With 2 MB, what is in flight becomes old too soon: 148 MB after load under `/v2`, against 128. */
const enoughBytes = 8 * 1024 * 1024;

/**
 * Keeps V8's young generation from growing far beyond 8 MB. It would grow to 32 MB, and to 64 from Node 24 on, and what
 * uploads leave behind waits outside of it until it is full. V8 takes its size only from the command line, where it
 * is left alone, and obeys the factor of growth at any time; after a while without work V8 makes it small again.
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
