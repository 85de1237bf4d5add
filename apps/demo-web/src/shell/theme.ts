/** `system` follows the system. */
export type Theme = 'system' | 'light' | 'dark';

/** The cookie lets the server render the page in its theme, so that nothing flashes. */
export const themeCookie = 'theme';
