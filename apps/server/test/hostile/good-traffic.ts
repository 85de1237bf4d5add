import { setTimeout as sleep } from 'node:timers/promises';
import { type Endpoint, exchange } from './exchange.ts';
import type { Finding } from './senders.ts';
import { plain } from './delivery.ts';
import type { HttpRequest, Media } from './valid-requests.ts';

/** A client that is in no hurry. */
const pauseMs = 100;
const deadlineMs = 30_000;

export interface GoodTraffic {
  /** Sends no more, and says what was wrong. */
  stop(): Promise<{ readonly counts: Readonly<Record<string, number>>; readonly findings: readonly Finding[] }>;
}

/**
 * Sends what a well-behaved client sends, whose answers are known: `/health` always, a model of its own input and a tensor
 * whenever there is room for them.
 */
export function goodTraffic(endpoint: Endpoint, media: Media): GoodTraffic {
  const counts: Record<string, number> = {};
  const findings: Finding[] = [];
  const stopping = new AbortController();
  const repeat = async ({ name, request, isRight }: Expectation): Promise<void> => {
    const delivery = {
      how: 'good',
      steps: [{ write: plain(request) }],
      heads: [false],
      leaves: false,
      isGarbled: false,
    };
    while (!stopping.signal.aborted) {
      const { answers } = await exchange(endpoint, delivery, deadlineMs);
      const [answer] = answers;
      const text = answer?.body.toString('utf8') ?? '';
      const isBusy = answer?.status === 503 && text.includes('"OVERLOADED"') && name !== 'health';
      const outcome = isBusy || answer?.status === 429 ? `${name} refused` : name;
      counts[outcome] = (counts[outcome] ?? 0) + 1;
      if (outcome === name && (answer?.status !== 200 || !isRight(text)))
        findings.push({ what: `good request: ${answer?.status ?? 'no answer'} ${text.slice(0, 200)}`, how: name });
      await sleep(pauseMs);
    }
  };
  const ended = Promise.all(expectations(media).map(repeat));
  return {
    stop: async () => {
      stopping.abort();
      await ended;
      return { counts, findings };
    },
  };
}

interface Expectation {
  readonly name: string;
  readonly request: HttpRequest;
  readonly isRight: (body: string) => boolean;
}

function expectations({ recordings }: Media): Expectation[] {
  const closing = [['connection', 'close']] as const;
  const headers = [...closing, ['content-type', 'application/json']] as const;
  const tensor = { name: 'x', datatype: 'FP32', shape: [1, 3], data: [1, 2, 3] };
  const [recording] = recordings;
  return [
    {
      name: 'health',
      request: { method: 'GET', target: '/health', headers: closing, body: Buffer.alloc(0) },
      isRight: (body) => body === '{"status":"ok"}',
    },
    {
      name: 'dense',
      request: { method: 'POST', target: '/dense', headers, body: Buffer.from('{"input":{"value":3}}') },
      isRight: (body) => (JSON.parse(body) as { value: number }).value === 3,
    },
    {
      name: 'tensor',
      request: {
        method: 'POST',
        target: '/v2/models/echo/infer',
        headers,
        body: Buffer.from(JSON.stringify({ inputs: [tensor] })),
      },
      isRight: (body) => body.includes('"data":[1,2,3]'),
    },
    {
      name: 'recording',
      request: {
        method: 'POST',
        target: '/vad',
        headers: [...closing, ['content-type', recording?.mediaType ?? '']],
        body: recording?.bytes ?? Buffer.alloc(0),
      },
      isRight: (body) => {
        const { segments, warnings } = JSON.parse(body) as Record<string, unknown>;
        return Array.isArray(segments) && Array.isArray(warnings);
      },
    },
  ];
}
