/** Colours of a window. */
export interface Theme {
  readonly ground: string;
  readonly ink: string;
  readonly bar: string;
  readonly barInk: string;
  readonly field: string;
  readonly edge: string;
  readonly accent: string;
}

export const themes = {
  light: {
    ground: '#f6f7f9',
    ink: '#22262b',
    bar: '#e4e7eb',
    barInk: '#22262b',
    field: '#ffffff',
    edge: '#b9c0c8',
    accent: '#1f6fd6',
  },
  dark: {
    ground: '#23262b',
    ink: '#dde1e6',
    bar: '#17191d',
    barInk: '#dde1e6',
    field: '#30353c',
    edge: '#4a515a',
    accent: '#3d8bfd',
  },
  blue: {
    ground: '#eef3fa',
    ink: '#1b2a41',
    bar: '#2b5797',
    barInk: '#ffffff',
    field: '#ffffff',
    edge: '#9db4d3',
    accent: '#2b5797',
  },
} as const satisfies Record<string, Theme>;
