export { createSession } from './create-session.ts';
export { installedWeights } from './installed-weights.ts';
export { LeavingAtFirstRun } from './leaving-at-first-run.ts';
