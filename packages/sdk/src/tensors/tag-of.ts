/** The tag of a value, such as `Float32Array`. It knows its kind across realms, where `instanceof` fails. */
export const tagOf = (value: unknown): string => Object.prototype.toString.call(value).slice('[object '.length, -1);
