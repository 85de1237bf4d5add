import type { Task } from '@portico/schemas';
import type { LoadedModel, Model, ModelInput } from '../model/model.ts';
import type { LoadedProgram, Program, ProgramContext, ProgramInput } from '../model/program.ts';

/** Wraps the implementation of a task: JSON and files in, outputs out that were checked against the contract. */
export async function loadTask(model: Model, loaded: LoadedModel): Promise<LoadedProgram> {
  return {
    program: taskProgram(model.task, loaded),
    sample: encoded(await model.warmUp()),
    maxBatch: model.settings.maxBatch ?? 1,
  };
}

export function taskProgram(task: Task, model: LoadedModel): Program {
  return {
    async run(inputs, context) {
      const outputs: readonly unknown[] = await model.run(
        inputs.map((input) => modelInput(task, input, context)),
        { signal: context.signal },
      );
      return inputs.map((input, index) => answerOf(task, input, outputs[index]));
    },
  };
}

function modelInput(task: Task, input: ProgramInput, { emit }: ProgramContext): ModelInput {
  const params = input.params as ModelInput['params'];
  const value =
    input.mediaType === null
      ? { input: JSON.parse(Buffer.from(input.data).toString('utf8')) as unknown, params }
      : { file: { data: input.data, mediaType: input.mediaType }, params };
  const streaming = { ...value, emit: (item: unknown) => emit(input, encodedItem(task, item)) };
  return streaming as ModelInput;
}

/** A sample as the gateway would send it. */
function encoded(sample: ModelInput): ProgramInput {
  const { params } = sample;
  if ('file' in sample) return { id: 0, ...sample.file, params };
  const { input } = sample as { readonly input: unknown };
  return { id: 0, mediaType: null, data: Buffer.from(JSON.stringify(input)), params };
}

/** An output counts when it has the shape that the task promises. */
function answerOf(task: Task, { answerAs }: ProgramInput, output: unknown): Uint8Array | Error {
  if (output instanceof Error) return output;
  const parsed = task.output.safeParse(output);
  if (!parsed.success) return new Error(`The output breaks the contract: ${parsed.error.message}`);
  if (answerAs === 'picture' && task.produces !== undefined) {
    return bytesOf((parsed.data as Record<string, string>)[task.produces.field] as string);
  }
  return Buffer.from(JSON.stringify(parsed.data));
}

function encodedItem(task: Task, item: unknown): Uint8Array {
  const parsed = task.item?.safeParse(item);
  if (parsed?.success === true) return Buffer.from(JSON.stringify(parsed.data));
  throw new Error(`An item breaks the contract: ${parsed?.error.message ?? 'the task has none'}`);
}

/** The bytes of a data URL. */
const bytesOf = (dataUrl: string): Uint8Array => Buffer.from(dataUrl.slice(dataUrl.indexOf(',') + 1), 'base64');
