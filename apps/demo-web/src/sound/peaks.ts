/** Samples between two pauses: about a millisecond or two of work. */
const samplesPerSlice = 1 << 18;

/** The lowest and the highest sample of each of many equal parts of a recording. */
export interface Peaks {
  readonly low: Float32Array;
  readonly high: Float32Array;
}

/**
 * Reads a recording a slice at a time, and pauses in between so that the page stays responsive.
 *
 * @param channels of the same length; the peaks are those of all.
 * @param parts at most one per sample is used; later ones are silent.
 * @throws the signal's reason if it aborts.
 */
export async function peaksOf(
  channels: readonly Float32Array[],
  parts: number,
  signal: AbortSignal,
  pause: () => Promise<void> = nextTask,
): Promise<Peaks> {
  const length = channels[0]?.length ?? 0;
  const low = new Float32Array(parts);
  const high = new Float32Array(parts);
  let sinceLastPause = 0;
  for (let part = 0; part < parts; part += 1) {
    const start = Math.floor((part * length) / parts);
    const end = Math.floor(((part + 1) * length) / parts);
    for (const channel of channels) {
      let lowest = low[part]!;
      let highest = high[part]!;
      for (let index = start; index < end; index += 1) {
        const sample = channel[index]!;
        if (sample < lowest) lowest = sample;
        if (sample > highest) highest = sample;
      }
      low[part] = lowest;
      high[part] = highest;
    }
    sinceLastPause += (end - start) * channels.length;
    if (sinceLastPause >= samplesPerSlice) {
      sinceLastPause = 0;
      await pause();
      signal.throwIfAborted();
    }
  }
  return { low, high };
}

/** The peaks of fewer parts, for a narrow screen; or the same for a wide one. */
export function peakBetween({ low, high }: Peaks, from: number, to: number): readonly [low: number, high: number] {
  const start = Math.max(0, Math.floor(from));
  const end = Math.min(low.length, Math.max(start + 1, Math.floor(to)));
  let lowest = 0;
  let highest = 0;
  for (let part = start; part < end; part += 1) {
    lowest = Math.min(lowest, low[part]!);
    highest = Math.max(highest, high[part]!);
  }
  return [lowest, highest];
}

/** After what the browser has to do in between. A channel has no minimum delay as a timer has. */
const nextTask = (): Promise<void> =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.addEventListener('message', () => {
      port1.close();
      resolve();
    });
    port1.start();
    port2.postMessage(undefined);
  });
