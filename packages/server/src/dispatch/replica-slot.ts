import type { CallOff } from './clock.ts';
import type { Death } from './death.ts';
import { Replica } from './replica.ts';
import type { ReplicaConditions } from './replica-conditions.ts';
import type { ReplicaListener } from './replica-listener.ts';
import { respawnDelay } from './respawn-delay.ts';

/** A place for one replica: when it dies, a new one takes its place. */
export class ReplicaSlot {
  readonly #conditions: ReplicaConditions;
  readonly #listener: ReplicaListener;
  #replica: Replica | undefined;
  #deathsInARow = 0;
  #stopped = false;
  #callOffLaunch: CallOff = () => {};

  constructor(conditions: ReplicaConditions, listener: ReplicaListener) {
    this.#conditions = conditions;
    this.#listener = listener;
  }

  /** The replica that is there now; undefined in the pause before a new one is launched. */
  get replica(): Replica | undefined {
    return this.#replica;
  }

  launch(): void {
    this.#replica = new Replica(this.#conditions, { ...this.#listener, died: (death) => this.#died(death) });
    this.#replica.launch();
  }

  /** Ends the replica for good. */
  stop(): void {
    this.#stopped = true;
    this.#callOffLaunch();
    this.#replica?.stop();
  }

  #died(death: Death): void {
    this.#replica = undefined;
    if (this.#stopped) return;
    if (death.runs > 0) this.#deathsInARow = 0;
    if (death.reason !== 'memory-soft') this.#deathsInARow += 1;
    const delay = respawnDelay(this.#deathsInARow);
    if (delay === 0) this.launch();
    else this.#callOffLaunch = this.#conditions.clock.schedule(delay, () => this.launch());
    this.#listener.died(death);
  }
}
