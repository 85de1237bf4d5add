import { Failure } from '@portico/schemas';
import type { EngineListener } from '../dispatch/engine.ts';
import type { Frame } from '../wire/frame-decoder.ts';
import type { Report } from '../wire/messages.ts';
import type { EngineLogger } from './engine-process.ts';

/** Hands one report of an engine to its replica. Throws on a report that nobody knows. */
export function deliver(frame: Frame, listener: EngineListener, logger: EngineLogger, log: object): void {
  const report = frame.head as Report;
  switch (report.type) {
    case 'progress':
      return listener.progress(report.detail);
    case 'log':
      return logger[report.level](log, report.text);
    case 'ready':
      return listener.ready(report);
    case 'load-failed':
      return listener.loadFailed(report.detail);
    case 'began':
      return listener.began(report.ids);
    case 'item':
      return listener.item(report.id, report.index, frame.body);
    case 'result':
      return listener.outcome(report.id, { ok: true, body: frame.body, times: report.times });
    case 'failure': {
      const failure = new Failure(report.code, report.detail, {
        issues: report.issues,
        retryAfterSeconds: report.code === 'OUT_OF_MEMORY' ? 1 : undefined,
      });
      return listener.outcome(report.id, { ok: false, failure, times: report.times });
    }
    case 'finished':
      listener.memory(report.residentBytes);
      return listener.finished();
    default:
      throw new Error(`unknown report ${JSON.stringify(report)}`);
  }
}
