import type { Engine, EngineListener, LaunchEngine } from '../engine.ts';

/** What is under way between a gateway and an engine, in both directions, until a test lets it arrive. */
export class SlowWire {
  readonly #toEngine: (() => void)[] = [];
  readonly #toGateway: (() => void)[] = [];
  #severed = false;

  /** Puts the wire between a dispatcher and the engines of `launch`. */
  static between(launch: LaunchEngine, wires: SlowWire[]): LaunchEngine {
    return (listener) => {
      const wire = new SlowWire();
      wires.push(wire);
      return wire.#gatewaySide(launch(wire.#engineSide(listener)));
    };
  }

  /** Lets the oldest command and the oldest report arrive. */
  deliver(): void {
    this.#toEngine.shift()?.();
    this.#toGateway.shift()?.();
  }

  /** Every command has reached the engine. */
  get delivered(): boolean {
    return this.#toEngine.length === 0;
  }

  get quiet(): boolean {
    return this.#toEngine.length + this.#toGateway.length === 0;
  }

  #gatewaySide(engine: Engine): Engine {
    return {
      unreadBytes: 0,
      send: (inputs) => this.#toEngine.push(() => engine.send(inputs)),
      cancel: (ids) => this.#toEngine.push(() => engine.cancel(ids)),
      // A signal overtakes whatever is written.
      kill: () => engine.kill(),
    };
  }

  #engineSide(listener: EngineListener): EngineListener {
    const later = (report: () => void): void => {
      if (!this.#severed) this.#toGateway.push(report);
    };
    return {
      onProgress: (detail) => later(() => listener.onProgress(detail)),
      onDownloaded: (bytes, milliseconds) => later(() => listener.onDownloaded(bytes, milliseconds)),
      onReady: (description) => later(() => listener.onReady(description)),
      onLoadFailed: (detail) => later(() => listener.onLoadFailed(detail)),
      onBegan: (ids) => later(() => listener.onBegan(ids)),
      onItem: (id, index, item) => later(() => listener.onItem(id, index, item)),
      onOutcome: (id, outcome) => later(() => listener.onOutcome(id, outcome)),
      onFinished: () => later(() => listener.onFinished()),
      onMemory: (residentBytes) => later(() => listener.onMemory(residentBytes)),
      onDeviceLost: (detail) => later(() => listener.onDeviceLost(detail)),
      // What was written before the exit still arrives; nothing reaches the engine any more.
      onExit: (detail) => {
        later(() => listener.onExit(detail));
        this.#severed = true;
        this.#toEngine.length = 0;
      },
    };
  }
}
