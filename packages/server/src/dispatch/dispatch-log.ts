import type { LoadReport } from '../inference.ts';
import type { CancelTimer, Clock } from './engine.ts';
import type { DispatchObserver } from './observer.ts';

/** While bytes arrive, a line is written this often, or for each such share of the file. */
const minLineMs = 10_000;
const lineShare = 0.1;
/** A stage that is over sooner gets no line: of fifty small files, each has five such stages. */
const briefMs = 1_000;
/** A stage that reports nothing meanwhile, because ONNX Runtime loads a file, gets a line this often. */
const stillMs = 30_000;

/** What the log of the dispatcher needs; pino fits. */
export interface DispatchLogger {
  info(fields: object, text: string): void;
  warn(fields: object, text: string): void;
}

export interface DispatchLogOptions {
  readonly logger: DispatchLogger;
  readonly clock: Clock;
  /** The name of a device as its driver knows it. */
  readonly deviceName: (device: string, index: number) => string | undefined;
  /** The machine has a GPU, whether or not it can be used. */
  readonly hasGpu: () => boolean;
}

export interface DispatchLog extends Pick<DispatchObserver, 'progress' | 'replicaReady' | 'restarted'> {
  /** No more lines about loads that are under way. */
  stop(): void;
}

/** How the log of the first replica names its device. */
const deviceText: Readonly<Record<string, string>> = {
  cuda: 'Using CUDA device',
  coreml: 'Using CoreML (Apple Silicon)',
  dml: 'Using DirectML',
  webgpu: 'Using WebGPU',
  cpu: 'Falling back to CPU',
};

/** Logs what becomes of the replicas: how far a load is, and restarts when they change, not each time they are reported. */
export function logDispatch({ logger, clock, deviceName, hasGpu }: DispatchLogOptions): DispatchLog {
  const loads = new Map<string, LoadLog>();
  const lastLogged = new Map<string, string>();
  const deviceTexts = new Set<string>();
  const findings = new Set<string>();
  const onChange = (key: string, text: string, log: () => void): void => {
    if (lastLogged.get(key) === text) return;
    lastLogged.set(key, text);
    log();
  };
  const endLoad = (model: string): void => {
    loads.get(model)?.end();
    loads.delete(model);
  };
  return {
    progress: (model, report) => {
      // Each replica finds the same, and each attempt of a load that keeps failing.
      if (report.isFinding === true && findings.has(`${model} ${report.detail}`)) return;
      if (report.isFinding === true) findings.add(`${model} ${report.detail}`);
      let load = loads.get(model);
      if (load === undefined) loads.set(model, (load = new LoadLog(model, logger, clock)));
      load.report(report);
    },
    restarted: (model, reason, detail) => {
      endLoad(model);
      const event = reason.startsWith('load-') ? 'did not load' : 'was replaced';
      onChange(`${model} restart`, `${reason} ${detail}`, () =>
        logger.warn({ model, reason }, `${model}: a replica ${event} (${reason}): ${detail}`),
      );
    },
    replicaReady: (model, { device, deviceIndex, devicesRefused }, loadMs) => {
      endLoad(model);
      lastLogged.delete(`${model} restart`);
      const refused = devicesRefused.map(({ device, reason }) => `${device}: ${reason}`).join('; ');
      const text = [deviceText[device], deviceName(device, deviceIndex) ?? refused].filter(Boolean).join(': ');
      // With a GPU in the machine, the CPU is hardly intended.
      const level = device === 'cpu' && refused !== '' && hasGpu() ? 'warn' : 'info';
      // Fifty files on one device need one line about it; a model that changes its device needs another.
      const isNews = lastLogged.has(`${model} device`) || !deviceTexts.has(text);
      onChange(`${model} device`, text, () => isNews && logger[level]({ model, device }, text));
      deviceTexts.add(text);
      logger.info({ model, device, milliseconds: Math.round(loadMs) }, `${model}: a replica is ready`);
    },
    stop: () => {
      for (const model of loads.keys()) endLoad(model);
    },
  };
}

/** Lines about one model that loads. */
class LoadLog {
  readonly #model: string;
  readonly #logger: DispatchLogger;
  readonly #clock: Clock;
  #last: LoadReport | undefined;
  #lastAt = 0;
  #cancelStill: CancelTimer = () => {};
  #cancelLine: CancelTimer = () => {};

  constructor(model: string, logger: DispatchLogger, clock: Clock) {
    this.#model = model;
    this.#logger = logger;
    this.#clock = clock;
  }

  report(report: LoadReport): void {
    if (report.isFinding === true) return this.#write(report, report.detail);
    this.#expectMore(report);
    if (!this.#isDue(report)) return;
    const now = this.#clock.now();
    this.#last = report;
    this.#lastAt = now;
    this.#cancelLine();
    const write = (): void => {
      const remainingMs = remainingSince(report, now, this.#clock);
      this.#write({ ...report, remainingMs }, report.detail + remainingInWords(remainingMs));
    };
    if (report.file !== undefined) return write();
    this.#cancelLine = this.#clock.schedule(briefMs, write);
  }

  end(): void {
    this.#cancelLine();
    this.#cancelStill();
  }

  #isDue({ stage, detail, file }: LoadReport): boolean {
    const last = this.#last;
    if (last === undefined) return true;
    if (file === undefined) return detail !== last.detail;
    const { file: lastFile } = last;
    if (stage !== last.stage || file.number !== lastFile?.number) return true;
    const done = file.bytes - lastFile.bytes;
    // Nothing arrived, so that the words say something else.
    if (done <= 0) return detail !== last.detail;
    return done >= (file.totalBytes ?? Infinity) * lineShare || this.#clock.now() - this.#lastAt >= minLineMs;
  }

  #expectMore(report: LoadReport): void {
    const since = this.#clock.now();
    this.#cancelStill();
    this.#cancelStill = this.#clock.schedule(stillMs, () => this.#still(report, since));
  }

  #still(report: LoadReport, since: number): void {
    const elapsed = inWords(this.#clock.now() - since);
    const remainingMs = remainingSince(report, since, this.#clock);
    this.#write({ ...report, remainingMs }, `${report.detail} for ${elapsed}${remainingInWords(remainingMs)}`);
    this.#cancelStill = this.#clock.schedule(stillMs, () => this.#still(report, since));
  }

  #write({ stage, file, remainingMs }: LoadReport, text: string): void {
    const fields = {
      model: this.#model,
      stage,
      ...(file === undefined ? {} : { file: file.name, bytes: file.bytes, totalBytes: file.totalBytes }),
      ...(remainingMs === undefined ? {} : { remainingSeconds: Math.round(remainingMs / 1_000) }),
    };
    this.#logger.info(fields, `${this.#model}: ${text}`);
  }
}

/** Of an estimate that was given then; an estimate that has run out was wrong, so there is none. */
function remainingSince({ remainingMs }: LoadReport, since: number, clock: Clock): number | undefined {
  const leftMs = (remainingMs ?? -1) - (clock.now() - since);
  return leftMs < 0 ? undefined : leftMs;
}

/** ", about 40 s left"; nothing where nothing is known. */
export const remainingInWords = (remainingMs: number | undefined): string =>
  remainingMs === undefined ? '' : `, about ${inWords(remainingMs)} left`;

function inWords(milliseconds: number): string {
  const seconds = Math.max(1, Math.round(milliseconds / 1_000));
  return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}
