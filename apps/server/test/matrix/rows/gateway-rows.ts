import { expect } from 'vitest';
import { rows } from '../../drain/support/doors.ts';
import { cleanly, end } from '../../drain/support/ending.ts';
import type { Row } from '../support/row.ts';

const onGateway = { model: 'rows', clients: rows, shared: true, environment: async () => ({ DRAIN_SECONDS: '1' }) };

export const gatewayRows: readonly Row[] = [
  {
    ...onGateway,
    name: 'gateway SIGTERM',
    strike: async ({ server, struck, restart }) => {
      expect(await end(server, 'SIGTERM')).toMatchObject(cleanly);
      struck();
      await restart();
    },
    // No load balancer in front sends clients elsewhere.
    allowed: ['ECONNREFUSED', 'ECONNRESET', '503 NOT_READY'],
  },
  {
    ...onGateway,
    name: 'gateway SIGKILL',
    strike: async ({ server, restart }) => {
      expect(await end(server, 'SIGKILL')).toMatchObject({ code: null, signal: 'SIGKILL' });
      await restart();
    },
    allowed: ['ECONNREFUSED', 'ECONNRESET', '503 NOT_READY'],
  },
];
