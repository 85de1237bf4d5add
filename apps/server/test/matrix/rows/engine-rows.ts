import { rows } from '../../drain/support/doors.ts';
import type { Row } from '../support/row.ts';
import { loop } from './doors.ts';
import { askFor, restarting, signalEngine } from './strikes.ts';

const onRows = { model: 'rows', clients: rows };
const twoSeconds = async (): Promise<NodeJS.ProcessEnv> => ({ INFER_TIMEOUT_SECONDS: '2' });
/** What may become of those whose deadline passes, or whom the queue has no place for, while an engine hangs. */
const late = ['504 TIMEOUT', '503 OVERLOADED'];

export const engineRows: readonly Row[] = [
  { ...onRows, name: 'engine SIGKILL', strike: signalEngine('SIGKILL'), allowed: restarting },
  { ...onRows, name: 'engine SIGABRT', strike: signalEngine('SIGABRT'), allowed: restarting },
  { ...onRows, name: 'engine SIGSTOP', strike: signalEngine('SIGSTOP'), environment: twoSeconds, allowed: late },
  {
    ...onRows,
    name: 'engine exit 0',
    strike: askFor('rows', { value: 1, how: 'exit' }),
    allowed: restarting,
    culprit: ['503 ENGINE_CRASHED'],
  },
  {
    ...onRows,
    name: 'garbage on the wire',
    strike: askFor('rows', { value: 1, how: 'babble' }),
    allowed: restarting,
    culprit: ['503 ENGINE_CRASHED'],
  },
  {
    model: 'loop',
    clients: loop,
    name: 'infinite run',
    environment: twoSeconds,
    strike: askFor('loop', { turns: 1e15 }),
    allowed: late,
    culprit: ['504 TIMEOUT'],
  },
];
