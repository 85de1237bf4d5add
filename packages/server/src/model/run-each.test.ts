import { Failure } from '@portico/schemas';
import { describe, expect, it } from 'vitest';
import { joinRows, rowsOfTensor, runEach, runTogether } from './run-each.ts';

const signal = new AbortController().signal;
const odd = new Failure('BAD_INPUT', 'Odd. Send an even number.');
const refuseOdd = (value: number): number => {
  if (value % 2 === 1) throw odd;
  return value;
};

describe('one input after another', () => {
  it('a failure is the result of its own input', async () => {
    expect(await runEach([2, 3, 4], signal, async (value) => refuseOdd(value) * 10)).toEqual([20, odd, 40]);
  });

  it('a defect fails the batch', async () => {
    const run = runEach([1], signal, async () => Promise.reject(new TypeError('A defect.')));
    await expect(run).rejects.toThrow('A defect.');
  });

  it('the rest is left out once no client waits', async () => {
    const clients = new AbortController();
    const ran: number[] = [];
    const run = runEach([1, 2], clients.signal, async (value) => {
      ran.push(value);
      clients.abort();
    });
    await expect(run).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(ran).toEqual([1]);
  });
});

describe('all inputs in one run', () => {
  it('only those that could be prepared are run, and each gets its own result', async () => {
    const runs: (readonly number[])[] = [];
    const outputs = await runTogether([2, 3, 4, 6], {
      signal,
      prepare: refuseOdd,
      run: async (rows) => {
        runs.push(rows);
        return rows.map((row) => row * 10);
      },
      finish: (result, input) => {
        if (input === 4) throw odd;
        return `${input}: ${result}`;
      },
    });
    expect(outputs).toEqual(['2: 20', odd, odd, '6: 60']);
    expect(runs).toEqual([[2, 4, 6]]);
  });

  it('nothing is run where nothing could be prepared', async () => {
    const run = async (): Promise<never[]> => Promise.reject(new Error('It ran.'));
    expect(await runTogether([1, 3], { signal, prepare: refuseOdd, run, finish: () => 0 })).toEqual([odd, odd]);
  });

  it('a network that loses a row is a defect', async () => {
    const steps = { signal, prepare: refuseOdd, run: async () => [1], finish: () => 0 };
    await expect(runTogether([2, 4], steps)).rejects.toThrow(
      '1 results for 2 rows: run of runTogether returns one for each row',
    );
  });
});

describe('rows', () => {
  it('are joined and split again', () => {
    const data = joinRows([Float32Array.of(1, 2), Float32Array.of(3, 4)]);
    expect([...data]).toEqual([1, 2, 3, 4]);
    expect(rowsOfTensor({ dims: [2, 2], data }).map((row) => [...row])).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  it('of another length are refused', () => {
    expect(() => joinRows([Float32Array.of(1), Float32Array.of(1, 2)])).toThrow('Row 1 has 2 values, the first 1.');
  });
});
