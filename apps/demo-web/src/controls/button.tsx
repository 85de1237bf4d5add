import type { ComponentProps } from 'react';
import styles from './button.module.css';

interface ButtonProps extends ComponentProps<'button'> {
  /**
   * primary: the one thing to do next. plain: anything else. quiet: without a frame, inside of something that has one.
   * @default 'plain'
   */
  readonly look?: 'primary' | 'plain' | 'quiet';
  /** Only an icon inside, so it is square; it needs an `aria-label`. */
  readonly square?: boolean;
}

/** A button of the page. */
export function Button({ look = 'plain', square = false, className, ...props }: ButtonProps) {
  return (
    <button
      type="button"
      data-look={look}
      data-square={square}
      className={className === undefined ? styles.button : `${styles.button} ${className}`}
      {...props}
    />
  );
}
