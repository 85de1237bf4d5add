import { type ServerProcess, startServer } from '../harness/server-process.ts';
import { echo } from '../v2/support/files.ts';
import { repository } from '../v2/support/repository.ts';
import { goodTraffic } from './good-traffic.ts';
import { levelOf, type Level, settled } from './levels.ts';
import { readMedia } from './media.ts';
import { type Finding, sendHostile, type SendingOptions, type Sent } from './senders.ts';

/** Brings heaps and caches to the level that a storm leaves; its findings are those of any other requests. */
const warmUpCount = 3_000;
const warmUpSeed = 1;

export interface StormReport {
  readonly sent: Sent;
  readonly good: Readonly<Record<string, number>>;
  readonly before: Level;
  readonly after: Level;
  readonly findings: readonly Finding[];
}

export interface StormOptions extends SendingOptions {
  /** The module of the server. @default the server of the fixtures */
  readonly main?: string;
  readonly environment?: NodeJS.ProcessEnv;
}

/** Starts a server, sends it bad requests beside good ones, and says everything that it did wrong. */
export async function storm({ main, environment = {}, ...sending }: StormOptions): Promise<StormReport> {
  const media = await readMedia();
  using files = repository({ 'echo.onnx': echo('float32'), 'words.onnx': echo('string') });
  await using server = await startServer(
    {
      MODEL_NAME: 'vad,faces,draw,dense,copy,compare,say,warn',
      MODEL_REPOSITORY: files.path,
      LOG_LEVEL: 'info',
      INFER_TIMEOUT_SECONDS: '20',
      ...environment,
    },
    [],
    main,
  );
  await server.ready();
  // A client that counts by its address is not the hostile one.
  const hostile = { host: '127.0.0.1', port: server.port };
  const good = { ...hostile, localAddress: '127.0.0.2' };

  const warmUp = await sendHostile(hostile, media, {
    ...sending,
    seed: warmUpSeed,
    from: 0,
    count: warmUpCount,
    minutes: 0,
  });
  const before = await quiet(server);
  const traffic = goodTraffic(good, media);
  const sent = await sendHostile(hostile, media, sending);
  const { counts, findings: badAnswers } = await traffic.stop();
  const { after, findings: held } = await settled(server, before);
  const findings = [...warmUp.findings, ...sent.findings, ...badAnswers, ...held, ...defectsIn(server)];
  return { sent, good: counts, before, after, findings };
}

/** The level once it no longer falls. */
async function quiet(server: ServerProcess): Promise<Level> {
  const first = await levelOf(server);
  const { after } = await settled(server, { ...first, descriptors: -1 });
  return after;
}

/** Lines that say that something is broken inside. */
function defectsIn({ log }: ServerProcess): Finding[] {
  const isDefect = ({ level }: Record<string, unknown>): boolean => level === 'error' || level === 'fatal';
  return log
    .filter(isDefect)
    .map((line) => ({ what: `log: ${JSON.stringify(line).slice(0, 900)}`, how: String(line['requestId']) }));
}

/** A report in lines for people. */
export function describeStorm({ sent, good, before, after, findings }: StormReport): string {
  const level = ({ mebibytes, descriptors, engines }: Level): string =>
    `${mebibytes} MiB, ${descriptors} descriptors, ${engines.length} engines`;
  return [
    `${sent.count} bad requests: ${JSON.stringify(sent.statuses)}, slowest ${Math.round(sent.slowestMs)} ms`,
    `good requests beside them: ${JSON.stringify(good)}`,
    `the server held ${level(before)}; it holds ${level(after)}`,
    `${findings.length} findings`,
    ...findings.slice(0, 40).map(({ what, how }) => `- ${what}\n    ${how}`),
  ].join('\n');
}
