/**
 * All channels in one, −1 to 1: the mean of two; of more, where mostly one of them speaks, their sum by the root of their number,
 * cut off where it is too loud. What is no number counts as silence.
 */
export function mixDown(channels: readonly Float32Array[]): Float32Array {
  const [first = new Float32Array(0)] = channels;
  const share = channels.length > 2 ? Math.sqrt(channels.length) : channels.length;
  const mixed = new Float32Array(first.length);
  for (let at = 0; at < mixed.length; at += 1) {
    let sum = 0;
    for (const channel of channels) sum += channel[at]!;
    mixed[at] = Math.max(-1, Math.min(1, sum / share)) || 0;
  }
  return mixed;
}
