import { type Check, type HttpClient, type LoadResponse, requestAt, type RequestSource } from './http-client.ts';
import { type Sample, type Tally, wrong } from './tally.ts';

export const defaultTimeoutMs = 30_000;
const maxSeconds = 3_600;

/** What every load needs. */
export interface LoadOptions {
  /** A server on this machine; the path comes from the requests. */
  readonly url: string;
  readonly request: RequestSource;
  readonly check: Check;
  /** No request is sent after this; those in flight are waited for. */
  readonly seconds: number;
  /** Ends the load early: nothing more is sent. */
  readonly signal?: AbortSignal;
  /** Called for each request when it has ended. */
  readonly observe?: (sample: Sample) => void;
  /** A request fails after this long without any network activity. @default 30_000 */
  readonly timeoutMs?: number;
}

/** @throws {RangeError} for a load without an end. */
export function checkDuration(seconds: number): void {
  if (!(seconds > 0 && seconds <= maxSeconds)) {
    throw new RangeError(`A load lasts up to ${maxSeconds} s, not ${seconds}.`);
  }
}

/** Sends one request, checks its response and counts its outcome. It never rejects. */
export async function exchange(
  client: HttpClient,
  { request, check, observe }: LoadOptions,
  tally: Tally,
  { turn, dueAt }: Pick<Sample, 'turn' | 'dueAt'>,
): Promise<Sample> {
  const message = requestAt(request, turn);
  const sentAt = performance.now();
  tally.sending(sentAt - dueAt);
  const { outcome, complaint, response } = await outcomeOf(client.send(message), check);
  const times = { turn, dueAt, sentAt, endedAt: performance.now() };
  const sample: Sample = response === undefined ? { ...times, outcome } : { ...times, outcome, response };
  tally.ended(sample, complaint);
  observe?.(sample);
  return sample;
}

interface Judged {
  readonly outcome: string;
  readonly complaint?: string;
  readonly response?: LoadResponse;
}

async function outcomeOf(sending: Promise<LoadResponse>, check: LoadOptions['check']): Promise<Judged> {
  let response: LoadResponse;
  try {
    response = await sending;
  } catch (error) {
    return { outcome: error instanceof Error && 'code' in error ? String(error.code) : String(error) };
  }
  const complaint = complaintOf(response, check);
  if (complaint !== undefined) return { outcome: wrong, complaint: `${response.status}: ${complaint}`, response };
  return { outcome: String(response.status), response };
}

/** A check may complain by throwing, as assertions and parsers do. */
function complaintOf(response: LoadResponse, check: LoadOptions['check']): string | undefined {
  try {
    return check(response);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
