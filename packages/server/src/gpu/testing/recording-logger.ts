import type { GpuLogger } from '../gpu-monitor.ts';

/** Keeps what is logged, each line with its level. */
export interface RecordingLogger extends GpuLogger {
  /** The lines since the last call. */
  take(): string[];
}

export function recordingLogger(): RecordingLogger {
  let lines: string[] = [];
  const keep = (level: string) => (text: string) => void lines.push(`${level} ${text}`);
  return {
    info: keep('info'),
    warn: keep('warn'),
    error: keep('error'),
    take: () => {
      const taken = lines;
      lines = [];
      return taken;
    },
  };
}

/** A GPU at a temperature. */
export function gpuAt(temperatureCelsius: number | null, index = 0) {
  return {
    index,
    name: 'NVIDIA H200',
    uuid: `GPU-${index}`,
    temperatureCelsius,
    utilizationPercent: 80,
    memoryUsedBytes: 1,
    memoryTotalBytes: 2,
    powerWatts: 400,
  };
}
