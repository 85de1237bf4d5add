/* oxlint-disable typescript/no-unnecessary-type-parameters -- as the comparison of types needs them */

/** Whether two types are the same, and neither is `any` unless both are. */
export type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Fails to compile unless the type is `true`. */
export const assertType = <_Holds extends true>(): void => {};
