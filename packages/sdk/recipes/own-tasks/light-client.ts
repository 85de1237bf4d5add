import { createPortico } from '@portico/sdk';
import type { myTasks } from './contract.js';

const mine = createPortico<typeof myTasks>({
  url: process.env.PORTICO_URL ?? 'http://localhost:8000',
  tasks: { count: 'json', draw: 'image', compare: 'form', say: 'json' },
});

const { count } = await mine.count({ to: 3 });
console.log(count, 'numbers');
