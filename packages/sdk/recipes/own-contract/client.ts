import { createPortico } from '@portico/sdk';
import type { myTasks } from './contract.js';

const mine = createPortico<typeof myTasks>({
  url: process.env.PORTICO_URL ?? 'http://localhost:8000',
  tasks: { count: 'json', draw: 'image', compare: 'form', say: 'json' },
});

const { count } = await mine.count({ to: 3 });
console.log(count, 'numbers');
for await (const { number } of mine.count.stream({ to: 3 }, { start: 10 })) console.log(number);

const square = await mine.draw.image('photo.png', { side: 64 });
console.log(square.type, square.size > 0);

const { same } = await mine.compare({ left: 'photo.png', right: 'photo.png' });
const speech = await mine.say.blob({ text: 'hello' }, { pitch: 220 });
console.log(same, speech.type);
