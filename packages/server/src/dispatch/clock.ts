/** Time as the dispatcher sees it, so that tests can move it. */
export interface Clock {
  /** Milliseconds on a clock that never jumps. */
  now(): number;
  /** Calls back once after `milliseconds`; the function returned calls it off. */
  schedule(milliseconds: number, callback: () => void): CallOff;
}

export type CallOff = () => void;

export const systemClock: Clock = {
  now: () => performance.now(),
  schedule: (milliseconds, callback) => {
    const timer = setTimeout(callback, milliseconds);
    return () => clearTimeout(timer);
  },
};
