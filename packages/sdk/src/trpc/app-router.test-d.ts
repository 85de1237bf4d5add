import type { AllTaskProcedures, AppRouter as ServerRouter } from '@portico/api';
import { audio, bytes, dataUrl, defineTask, file, form, image, json, png, PngDataUrl } from '@portico/schemas';
import type { TRPCClient } from '@trpc/client';
import type { inferProcedureInput, inferRouterInputs, inferRouterOutputs } from '@trpc/server';
import { z } from 'zod';
import { assertType, type Equal } from '../../test/equal.ts';
import type { Problem, TaskContracts } from '../contract.ts';
import type { AppRouter } from './app-router.ts';
import { createTRPC } from './create-trpc.ts';

/** The published router is the server's. */
assertType<Equal<inferRouterInputs<AppRouter>, inferRouterInputs<ServerRouter>>>();
assertType<Equal<inferRouterOutputs<AppRouter>, inferRouterOutputs<ServerRouter>>>();

const trpc = createTRPC({ url: 'http://localhost:8000' });
assertType<Equal<typeof trpc, TRPCClient<AppRouter>>>();
assertType<Equal<Awaited<ReturnType<typeof trpc.ocr.infer.mutate>>, TaskContracts['ocr']['output']>>();
// @ts-expect-error a task that does not stream
void trpc.ocr.stream;
// @ts-expect-error no such task
void trpc.orc;
// @ts-expect-error a mutation
void trpc.ocr.infer.query;
// @ts-expect-error no such parameter
void trpc.ocr.infer.mutate({ file: { data: new Uint8Array(1) }, params: { minConfidance: 1 } });
// @ts-expect-error a path is no file here
void trpc.ocr.infer.mutate({ file: 'page.jpg' });
// @ts-expect-error links are for createTRPCClient
createTRPC({ url: 'http://localhost:8000', links: [] });

/** Of a contract of one's own, with each kind of input. */
const myTasks = {
  mood: defineTask({
    name: 'mood',
    summary: 'Detect the mood of a text.',
    accepts: json(z.string()),
    params: z.object({ language: z.enum(['en', 'zh']).default('en') }),
    output: z.object({ mood: z.string(), since: z.string() }),
  }),
  notes: defineTask({
    name: 'notes',
    summary: 'Write the notes of a tune.',
    accepts: audio(),
    params: z.object({}),
    output: z.object({ count: z.int() }),
    item: z.object({ pitch: z.string() }),
  }),
  trim: defineTask({
    name: 'trim',
    summary: 'Trim a video.',
    accepts: file({ mediaTypes: ['video/*'] }),
    params: z.object({}),
    output: z.object({ seconds: z.number(), video: dataUrl('video/mp4') }),
    produces: bytes('video', 'video/mp4'),
  }),
  compare: defineTask({
    name: 'compare',
    summary: 'Compare a picture with a file.',
    accepts: form({ left: image(), right: file() }),
    params: z.object({ metric: z.string().default('cosine') }),
    output: z.object({ distance: z.number(), difference: PngDataUrl }),
    item: z.object({ row: z.int() }),
    produces: png('difference'),
  }),
};
const mine = createTRPC<typeof myTasks>({ url: 'http://localhost:8000' });
assertType<Equal<typeof mine, TRPCClient<AppRouter<typeof myTasks>>>>();
type OnServer<Name extends keyof typeof myTasks> = inferProcedureInput<
  AllTaskProcedures<typeof myTasks>[Name]['infer']
>;
assertType<Equal<Parameters<typeof mine.mood.infer.mutate>[0], OnServer<'mood'>>>();
assertType<Equal<Parameters<typeof mine.notes.infer.mutate>[0], OnServer<'notes'>>>();
assertType<Equal<Parameters<typeof mine.trim.infer.mutate>[0], OnServer<'trim'>>>();
assertType<Equal<Parameters<typeof mine.compare.infer.mutate>[0], OnServer<'compare'>>>();
assertType<Equal<Awaited<ReturnType<typeof mine.mood.infer.mutate>>, { mood: string; since: string }>>();
for await (const item of await mine.notes.stream.mutate({ file: { data: new Uint8Array(1) } }))
  assertType<Equal<typeof item, { pitch: string }>>();
// @ts-expect-error several files, not one
void mine.compare.infer.mutate({ file: { data: new Uint8Array(1) } });
// @ts-expect-error a file is missing
void mine.compare.infer.mutate({ files: { left: { data: new Uint8Array(1) } } });
// @ts-expect-error a task of another contract
void mine.ocr;

type RouterError = AppRouter<typeof myTasks>['_def']['_config']['$types']['errorShape'];
assertType<Equal<RouterError['data']['problem'], Problem>>();
