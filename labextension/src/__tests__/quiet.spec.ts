// @vitest-environment node
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Quiet } from '../quiet';

const PERIOD = 300;

/** Work that takes a time and notes when it began. */
function worker(takes: () => number = () => 0) {
  const begun: number[] = [];
  let running = 0;
  let most = 0;
  const work = async () => {
    begun.push(performance.now());
    most = Math.max(most, ++running);
    if (takes() > 0) {
      await new Promise(resolve => setTimeout(resolve, takes()));
    }
    running--;
  };
  return { begun, work, most: () => most };
}

const pass = (time: number) => vi.advanceTimersByTimeAsync(time);

describe('Quiet', () => {
  let zero = 0;

  beforeEach(() => {
    vi.useFakeTimers();
    zero = performance.now();
  });

  const since = (times: number[]) => times.map(time => Math.round(time - zero));

  it('works once nothing was touched for the period', async () => {
    const { begun, work } = worker();
    const quiet = new Quiet(work, () => PERIOD);
    quiet.touch();
    await pass(200);
    quiet.touch();
    await pass(299);
    expect(begun).toEqual([]);
    await pass(1);
    expect(since(begun)).toEqual([500]);
    await pass(10000);
    expect(begun).toHaveLength(1);
  });

  it('waits two seconds at most', async () => {
    const { begun, work } = worker();
    const quiet = new Quiet(work, () => PERIOD);
    for (let time = 0; time < 3000; time += 100) {
      quiet.touch();
      await pass(100);
    }
    expect(since(begun)).toEqual([2000]);
    await pass(1000);
    expect(since(begun)).toEqual([2000, 3200]);
  });

  it('rests after long work, four times as long', async () => {
    const { begun, work } = worker(() => 500);
    const quiet = new Quiet(work, () => PERIOD);
    quiet.touch();
    await pass(PERIOD + 500); // ends at 800
    quiet.touch();
    await pass(10000);
    // 800 + 4 * 500, less the period, which has its turn in the rest
    expect(since(begun)).toEqual([300, 2500]);
  });

  it('rests five seconds at most', async () => {
    let takes = 60000;
    const { begun, work } = worker(() => takes);
    const quiet = new Quiet(work, () => PERIOD);
    quiet.touch();
    await pass(PERIOD + 60000);
    takes = 0;
    quiet.touch();
    await pass(20000);
    expect(since(begun)).toEqual([300, 60300 + 5000 - 300]);
  });

  it('never works twice at once, and looks again when it ends', async () => {
    const { begun, work, most } = worker(() => 1000);
    const quiet = new Quiet(work, () => PERIOD);
    quiet.touch();
    await pass(400);
    quiet.touch(); // while it works
    await pass(20000);
    expect(most()).toBe(1);
    // from 300 to 1300, then a rest of 4000 less the period
    expect(since(begun)).toEqual([300, 5000]);
  });

  it('flush works at once and resolves when the work is done', async () => {
    const { begun, work } = worker(() => 100);
    const quiet = new Quiet(work, () => PERIOD);
    quiet.touch();
    let done = false;
    void quiet.flush().then(() => (done = true));
    await pass(99);
    expect([since(begun), done]).toEqual([[0], false]);
    await pass(1);
    expect(done).toBe(true);
    await pass(10000);
    expect(begun).toHaveLength(1);
  });

  it('flush without a touch does nothing', async () => {
    const { begun, work } = worker();
    await new Quiet(work, () => PERIOD).flush();
    expect(begun).toEqual([]);
  });

  it('flush waits for the work under way and does what was touched meanwhile', async () => {
    const { begun, work, most } = worker(() => 100);
    const quiet = new Quiet(work, () => PERIOD);
    quiet.touch();
    await pass(350);
    quiet.touch();
    let done = 0;
    void quiet.flush().then(() => done++);
    void quiet.flush().then(() => done++);
    await pass(149);
    expect([since(begun), done]).toEqual([[300, 400], 0]);
    await pass(1);
    expect([since(begun), done, most()]).toEqual([[300, 400], 2, 1]);
  });

  it('does nothing once disposed', async () => {
    const { begun, work } = worker(() => 100);
    const quiet = new Quiet(work, () => PERIOD);
    quiet.touch();
    quiet.dispose();
    quiet.touch();
    await quiet.flush();
    await pass(10000);
    expect([begun, quiet.isDisposed]).toEqual([[], true]);
  });

  it('does not go on with what was touched while it worked when disposed then', async () => {
    const { begun, work } = worker(() => 100);
    const quiet = new Quiet(work, () => PERIOD);
    quiet.touch();
    await pass(350);
    quiet.touch();
    quiet.dispose();
    await pass(10000);
    expect(since(begun)).toEqual([300]);
  });

  it('reports work that throws and goes on', async () => {
    const told = vi.spyOn(console, 'error').mockReturnValue();
    const problem = new Error('broken');
    let calls = 0;
    const quiet = new Quiet(
      () => {
        calls++;
        return calls < 3 ? Promise.reject(problem) : Promise.resolve();
      },
      () => PERIOD
    );
    quiet.touch();
    await pass(PERIOD);
    quiet.touch();
    await expect(quiet.flush()).resolves.toBeUndefined();
    quiet.touch();
    await pass(PERIOD);
    expect(calls).toBe(3);
    expect(told.mock.calls.map(([, error]) => error as unknown)).toEqual([problem, problem]);
  });

  it('reads the period anew each time', async () => {
    const { begun, work } = worker();
    let period = 1000;
    const quiet = new Quiet(work, () => period);
    quiet.touch();
    period = 50;
    quiet.touch();
    await pass(50);
    expect(since(begun)).toEqual([50]);
  });
});
