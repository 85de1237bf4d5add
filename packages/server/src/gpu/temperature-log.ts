import type { Gpu } from '@portico/schemas';
import type { GpuLogger } from './gpu-logger.ts';

type Level = 'normal' | 'high' | 'critical';

/** Degrees Celsius; a level begins above its threshold. */
const CRITICAL_ABOVE = 85;
const HIGH_ABOVE = 80;

/** Returns what to call with every sample: it logs when a GPU changes from one level to another, and then only. */
export function createTemperatureLog(logger: GpuLogger): (gpus: readonly Gpu[]) => void {
  const levels = new Map<number, Level>();
  return (gpus) => {
    for (const { index, temperatureCelsius } of gpus) {
      if (temperatureCelsius === null) continue;
      const level = levelOf(temperatureCelsius);
      if (level === (levels.get(index) ?? 'normal')) continue;
      levels.set(index, level);
      if (level === 'critical') logger.error(`GPU ${index} CRITICAL: ${temperatureCelsius}C`);
      else if (level === 'high') logger.warn(`GPU ${index} HIGH: ${temperatureCelsius}C`);
      else logger.info(`GPU ${index} back to normal: ${temperatureCelsius}C`);
    }
  };
}

function levelOf(temperatureCelsius: number): Level {
  if (temperatureCelsius > CRITICAL_ABOVE) return 'critical';
  return temperatureCelsius > HIGH_ABOVE ? 'high' : 'normal';
}
