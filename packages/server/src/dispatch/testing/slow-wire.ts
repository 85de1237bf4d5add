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
  get heard(): boolean {
    return this.#toEngine.length === 0;
  }

  get quiet(): boolean {
    return this.#toEngine.length + this.#toGateway.length === 0;
  }

  #gatewaySide(engine: Engine): Engine {
    return {
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
      progress: (detail) => later(() => listener.progress(detail)),
      ready: (info) => later(() => listener.ready(info)),
      loadFailed: (detail) => later(() => listener.loadFailed(detail)),
      began: (ids) => later(() => listener.began(ids)),
      item: (id, index, body) => later(() => listener.item(id, index, body)),
      outcome: (id, outcome) => later(() => listener.outcome(id, outcome)),
      finished: () => later(() => listener.finished()),
      memory: (bytes) => later(() => listener.memory(bytes)),
      // What was written before the end still arrives; nothing reaches the engine any more.
      exited: (detail) => {
        later(() => listener.exited(detail));
        this.#severed = true;
        this.#toEngine.length = 0;
      },
    };
  }
}
