import type { Tasks } from '@portico/schemas';
import type { ContractsOf } from './tasks/contracts.ts';

// The build replaces this file by the same types, written out without Zod: see ../build.

export type { Device, ErrorCode, GpuStatus, ModelList, Problem, ReadyStatus } from '@portico/schemas';

/** The contract of each bundled task, by name. */
export type TaskContracts = ContractsOf<Tasks>;
