import { isPorticoError } from '@portico/sdk';

addEventListener('unhandledrejection', ({ reason }) => {
  if (isPorticoError(reason, 'TIMEOUT')) document.title = reason.message;
});
