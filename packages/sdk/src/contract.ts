import type { Tasks } from '@portico/schemas';
import type { ContractsOf } from './tasks/contracts.ts';

// The build puts the same types, written out without Zod, in the place of this file: see ../build.

export type { Device, ErrorCode, GpuStatus, ModelList, Problem, ReadyStatus } from '@portico/schemas';

/** What each task of Portico takes and answers, under its name. */
export type TaskContracts = ContractsOf<Tasks>;
