import { expect } from 'vitest';
import { metric } from '../../harness/metric.ts';
import type { ServerProcess } from '../../harness/server-process.ts';
import type { Row } from '../support/row.ts';
import { crash } from './doors.ts';
import { askFor, restarting } from './strikes.ts';

const maxLeaks = 60;
const replacements = 3;
const onCrash = { model: 'crash', clients: crash, environment: async () => ({ REPLICA_MEMORY_MB: '600' }) };
const replaced = (server: ServerProcess): Promise<number> =>
  metric(server, 'portico_replica_restarts_total', { model: 'crash', reason: 'memory-soft' });

export const memoryRows: readonly Row[] = [
  {
    ...onCrash,
    name: 'slow leak over the memory limit',
    strike: async (scene) => {
      // It ends after a replacement, so that what the last engine has leaked does not count as kept.
      for (let leak = 0; leak < maxLeaks && (await replaced(scene.server)) < replacements; leak += 1) {
        await askFor('crash', { how: 'leak', milliseconds: 20 })(scene);
      }
      expect(await replaced(scene.server)).toBe(replacements);
    },
    allowed: restarting,
    culprit: ['200'],
  },
  {
    ...onCrash,
    name: 'one huge allocation',
    strike: askFor('crash', { how: 'hoard' }),
    allowed: restarting,
    culprit: ['503 OUT_OF_MEMORY'],
  },
];
