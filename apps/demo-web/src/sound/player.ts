/** What a player does at the moment; a new object whenever it changes, but for the position. */
export interface PlayerState {
  readonly playing: boolean;
  /** Where it will stop, if it plays a part only. */
  readonly part: readonly [start: number, end: number] | undefined;
}

const idle: PlayerState = { playing: false, part: undefined };

/** Plays decoded samples, as a whole or exactly from one time to another. Times are in seconds. */
export class Player {
  #buffer: AudioBuffer;
  #context: AudioContext | undefined;
  #source: AudioBufferSourceNode | undefined;
  #state: PlayerState = idle;
  /** Where it was when it last started or was moved, and the context's time then. */
  #from = 0;
  #fromTime = 0;
  #until: number;
  #listeners = new Set<() => void>();

  constructor(buffer: AudioBuffer) {
    this.#buffer = buffer;
    this.#until = buffer.duration;
  }

  get duration(): number {
    return this.#buffer.duration;
  }

  get position(): number {
    if (!this.#state.playing || this.#context === undefined) return this.#from;
    return Math.min(this.#until, this.#from + Math.max(0, this.#context.currentTime - this.#fromTime));
  }

  readonly state = (): PlayerState => this.#state;

  /** Listens to changes of the state, and to jumps of the position. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  /** Plays a part, and stops at its end. */
  playPart(start: number, end: number): void {
    this.#start(start, end, [start, end]);
  }

  /** Goes on to the end of the recording from where it is; from its beginning if it is at the end. */
  play(): void {
    const { position, duration } = this;
    this.#start(position < duration ? position : 0, duration, undefined);
  }

  pause(): void {
    this.#from = this.position;
    this.#stopSource();
    this.#change(idle);
  }

  /** Moves to a time, and plays on from there if it is playing. */
  seek(time: number): void {
    const target = Math.max(0, Math.min(time, this.duration));
    if (this.#state.playing && target < this.duration) {
      this.#start(target, this.duration, undefined);
      return;
    }
    this.#stopSource();
    this.#from = target;
    this.#change({ ...idle });
  }

  close(): void {
    this.#stopSource();
    void this.#context?.close();
    this.#context = undefined;
    this.#change(idle);
  }

  #start(from: number, until: number, part: PlayerState['part']): void {
    this.#stopSource();
    const context = (this.#context ??= new AudioContext());
    void context.resume();
    const source = context.createBufferSource();
    source.buffer = this.#buffer;
    source.connect(context.destination);
    source.addEventListener('ended', () => {
      if (this.#source !== source) return;
      this.#from = until;
      this.#source = undefined;
      this.#change(idle);
    });
    source.start(0, from, until - from);
    this.#source = source;
    this.#from = from;
    this.#until = until;
    this.#fromTime = context.currentTime;
    this.#change({ playing: true, part });
  }

  #stopSource(): void {
    const source = this.#source;
    this.#source = undefined;
    source?.stop();
    source?.disconnect();
  }

  #change(state: PlayerState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}
