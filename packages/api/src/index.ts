export * from './bytes.ts';
export * from './router.ts';
export * from './transformer.ts';
export { type ApiErrorShape, type Context, trpcCodeOf } from './trpc.ts';
