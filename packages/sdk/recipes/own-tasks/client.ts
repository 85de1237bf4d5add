import { createPortico } from '@portico/sdk';
import { myTasks } from './contract.js';

const mine = createPortico({ url: process.env.PORTICO_URL ?? 'http://localhost:8000', tasks: myTasks });

const { count } = await mine.count({ to: 3 });
console.log(count, 'numbers');
for await (const { number } of mine.count.stream({ to: 3 }, { start: 10 })) console.log(number);

const square = await mine.draw.image('photo.png', { side: 64 });
console.log(square.type, square.size > 0);

const { same } = await mine.compare({ left: 'photo.png', right: square });
const hum = await mine.say.blob({ text: 'hello' });
console.log(same, hum.type);
