export * from './app-router.ts';
export * from './base64.ts';
export * from './context.ts';
export * from './plain-json.ts';
export * from './problem-of.ts';
export * from './task-router.ts';
export * from './transformer.ts';
export * from './trpc-code.ts';
export type { ApiErrorShape } from './trpc.ts';
