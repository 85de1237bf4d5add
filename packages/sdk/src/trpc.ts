export type { ContractsOf, TaskContract } from './tasks/contracts.ts';
export type { AppRouter, TrpcErrorShape, TrpcFile, TrpcInput } from './trpc/app-router.ts';
export { createTRPC, type TRPCOptions } from './trpc/create-trpc.ts';
export { porticoErrorOf } from './trpc/portico-error-of.ts';
export { transformer } from './trpc/transformer.ts';
