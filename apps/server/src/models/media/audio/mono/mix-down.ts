/** The mean of all channels, −1 to 1; what is no number counts as silence. */
export function mixDown(channels: readonly Float32Array[]): Float32Array {
  const [first = new Float32Array(0)] = channels;
  const mixed = new Float32Array(first.length);
  for (let at = 0; at < mixed.length; at += 1) {
    let sum = 0;
    for (const channel of channels) sum += channel[at]!;
    mixed[at] = Math.max(-1, Math.min(1, sum / channels.length)) || 0;
  }
  return mixed;
}
