import type { HttpClient } from './http-client.ts';
import type { LoadOptions } from './load-options.ts';
import { type LoadAnswer, requestAt } from './request.ts';
import { type Sample, wrong } from './sample.ts';
import type { Tally } from './tally.ts';

/** Sends one request, checks its answer and counts what became of it. It never rejects. */
export async function exchange(
  client: HttpClient,
  { request, check, observe }: LoadOptions,
  tally: Tally,
  { turn, dueAt }: Pick<Sample, 'turn' | 'dueAt'>,
): Promise<Sample> {
  const message = requestAt(request, turn);
  const sentAt = performance.now();
  tally.sending(sentAt - dueAt);
  const { outcome, complaint, answer } = await outcomeOf(client.send(message), check);
  const times = { turn, dueAt, sentAt, endedAt: performance.now() };
  const sample: Sample = answer === undefined ? { ...times, outcome } : { ...times, outcome, answer };
  tally.ended(sample, complaint);
  observe?.(sample);
  return sample;
}

interface Judged {
  readonly outcome: string;
  readonly complaint?: string;
  readonly answer?: LoadAnswer;
}

async function outcomeOf(answering: Promise<LoadAnswer>, check: LoadOptions['check']): Promise<Judged> {
  let answer: LoadAnswer;
  try {
    answer = await answering;
  } catch (error) {
    return { outcome: error instanceof Error && 'code' in error ? String(error.code) : String(error) };
  }
  const complaint = complaintOf(answer, check);
  if (complaint !== undefined) return { outcome: wrong, complaint: `${answer.status}: ${complaint}`, answer };
  return { outcome: String(answer.status), answer };
}

/** A check may complain by throwing, as assertions and parsers do. */
function complaintOf(answer: LoadAnswer, check: LoadOptions['check']): string | undefined {
  try {
    return check(answer);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
