/** What was given cannot be evaluated; the message says what to change. */
export class UnusableInput extends Error {
  override readonly name = 'UnusableInput';
}
