import { expect, test } from 'vitest';
import { gpuAt, recordingLogger } from './testing/recording-logger.ts';
import { createTemperatureLog } from './temperature-log.ts';

function follow(temperatures: readonly (number | null)[]): string[] {
  const logger = recordingLogger();
  const log = createTemperatureLog(logger);
  for (const temperature of temperatures) log([gpuAt(temperature)]);
  return logger.take();
}

test('over 85 is critical and an error', () => {
  expect(follow([91])).toEqual(['error GPU 0 CRITICAL: 91C']);
});

test('over 80 is high and a warning', () => {
  expect(follow([82])).toEqual(['warn GPU 0 HIGH: 82C']);
});

test('a threshold itself is not over it', () => {
  expect(follow([80])).toEqual([]);
  expect(follow([85])).toEqual(['warn GPU 0 HIGH: 85C']);
});

test('a level is logged once however long it lasts', () => {
  expect(follow([91, 92, 99, 86])).toEqual(['error GPU 0 CRITICAL: 91C']);
});

test('every change of level is logged, the return to normal as information', () => {
  expect(follow([70, 82, 91, 84, 80, 79])).toEqual([
    'warn GPU 0 HIGH: 82C',
    'error GPU 0 CRITICAL: 91C',
    'warn GPU 0 HIGH: 84C',
    'info GPU 0 back to normal: 80C',
  ]);
});

test('a missing temperature changes nothing', () => {
  expect(follow([null, 91, null, 92])).toEqual(['error GPU 0 CRITICAL: 91C']);
});

test('each GPU has its own level', () => {
  const logger = recordingLogger();
  const log = createTemperatureLog(logger);
  log([gpuAt(91, 0), gpuAt(40, 1)]);
  log([gpuAt(91, 0), gpuAt(82, 1)]);
  expect(logger.take()).toEqual(['error GPU 0 CRITICAL: 91C', 'warn GPU 1 HIGH: 82C']);
});
