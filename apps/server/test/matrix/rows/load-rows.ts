import { storedWeights } from '../../fixtures/tasks.ts';
import { metric } from '../../harness/metric.ts';
import { eventually, type ServerProcess } from '../../harness/server-process.ts';
import type { Row } from '../support/row.ts';
import { loading } from './doors.ts';
import { killFirstEngine } from './strikes.ts';
import { WeightsFolder } from './weights-folder.ts';

const weights = new WeightsFolder();
const onLoading = {
  model: 'loading:scripted',
  clients: loading,
  environment: () => weights.create(),
  tidy: () => weights.remove(),
};
/** The model is without an engine for longer than its queue lasts. */
const away = ['503 OVERLOADED', '503 NOT_READY', '504 TIMEOUT'];

const restarts = (server: ServerProcess, reason: string, count: number): Promise<true> =>
  eventually(async () => {
    const labels = { model: 'loading', reason };
    return (await metric(server, 'portico_replica_restarts_total', labels)) >= count ? true : undefined;
  });

export const loadRows: readonly Row[] = [
  {
    ...onLoading,
    name: 'exit during load',
    strike: async ({ server, struck }) => {
      await weights.script('exits');
      struck();
      await killFirstEngine(server);
      // The engine that was killed and two that never loaded.
      await restarts(server, 'crash', 3);
      await weights.script('none');
    },
    allowed: away,
  },
  {
    ...onLoading,
    name: 'infinite load',
    environment: async () => ({ ...(await weights.create()), FIXTURE_LOAD_SECONDS: '3' }),
    strike: async ({ server, struck }) => {
      await weights.script('waits');
      struck();
      await killFirstEngine(server);
      await restarts(server, 'load-timeout', 1);
      // Its successor may have read the same script.
      await weights.script('none');
    },
    allowed: away,
  },
  {
    ...onLoading,
    name: 'weights truncated',
    strike: async ({ server, struck }) => {
      await weights.store(storedWeights.bytes.subarray(0, 40));
      struck();
      await killFirstEngine(server);
      await server.logged(({ msg }) => String(msg).includes('have sha256'));
      await weights.store(storedWeights.bytes);
    },
    allowed: away,
  },
];
