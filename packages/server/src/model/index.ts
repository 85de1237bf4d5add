export { failureOfInput } from './failure-of-input.ts';
export { float32Data } from './float32-data.ts';
export * from './model.ts';
export * from './program.ts';
export { refuseIfCancelled } from './refuse-if-cancelled.ts';
export * from './session.ts';
export { weightPath } from '../weights/weight-path.ts';
export * from './tensor.ts';
