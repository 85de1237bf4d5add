import { Helper } from '../../helper.ts';
import type { PorticoCommand, PorticoReply } from './portico-process.ts';
import type { Reader } from './reading.ts';

/** Starts a process with Portico's OCR on one CPU thread: `run()` directly, without gateway, wire and queue. */
export async function startPortico(name: string, files: readonly string[], cacheDirectory: string): Promise<Reader> {
  const helper = new Helper(new URL('./portico-process.js', import.meta.url), {
    environment: { ORT_DISABLE_TELEMETRY: '1' },
  });
  const request = async (command: PorticoCommand): Promise<Exclude<PorticoReply, { error: string }>> => {
    const reply = await helper.request<PorticoReply>(command);
    if ('error' in reply) throw new Error(reply.error);
    return reply;
  };
  const read: Reader['read'] = async () => {
    const reply = await request({ round: true });
    if ('loaded' in reply) throw new Error('The process answered another command.');
    return reply.round;
  };
  try {
    await request({ load: { files, cacheDirectory } });
    return { name, read, [Symbol.asyncDispose]: () => helper[Symbol.asyncDispose]() };
  } catch (error) {
    await helper[Symbol.asyncDispose]();
    throw error;
  }
}
