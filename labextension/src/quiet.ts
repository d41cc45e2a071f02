/** When to work: after a quiet period, not too late, not too often, never twice at once. */

import type { IDisposable } from '@lumino/disposable';

const LATEST = 2000;
/** Work up to this long is no burden. */
const LIGHT = 150;
const REST = 4;
const LONGEST_REST = 5000;

/**
 * Calls `work` once nothing has been touched for the quiet period, at the latest two seconds after
 * the first touch. Long work is followed by a rest, so that outputs which keep growing cannot keep
 * the scanner busy.
 */
export class Quiet implements IDisposable {
  constructor(
    private _work: () => Promise<void>,
    private _period: () => number,
    private _now: () => number = () => performance.now()
  ) {}

  get isDisposed(): boolean {
    return this._disposed;
  }

  dispose(): void {
    this._disposed = true;
    this._stop();
  }

  /** There is something to do. */
  touch(): void {
    const now = this._now();
    this._since = this._since ?? now;
    const due = Math.min(now + this._period(), this._since + LATEST);
    this._start(Math.max(due, this._rested) - now);
  }

  /** Resolves when no work is under way. */
  async idle(): Promise<void> {
    while (this._running) {
      await this._running;
    }
  }

  /** Do it now; resolves when all that had been touched is done. */
  async flush(): Promise<void> {
    while (this._running) {
      await this._running; // not by idle(): of two that wait one begins, and the other must see it
    }
    if (this._since !== null) {
      this._stop();
      await this._run();
    }
  }

  private _start(delay: number): void {
    this._stop();
    if (!this._disposed) {
      this._timer = setTimeout(() => void this._run(), Math.max(0, delay));
    }
  }

  private _stop(): void {
    clearTimeout(this._timer);
  }

  private async _run(): Promise<void> {
    if (this._disposed || this._running) {
      return; // the run that is under way looks again when it ends
    }
    const begin = this._now();
    this._since = null;
    this._running = this._attempt();
    await this._running;
    this._running = null;
    const end = this._now();
    const long = end - begin > LIGHT;
    const rest = long ? Math.min(REST * (end - begin), LONGEST_REST) - this._period() : 0;
    this._rested = end + rest;
    if (this._since !== null) {
      this.touch();
    }
  }

  /** Nobody waits for what a timer begins: an error is told here, and ends nothing else. */
  private async _attempt(): Promise<void> {
    try {
      await this._work();
    } catch (error) {
      console.error('llmsec-nb: a scan ended with an error', error);
    }
  }

  private _timer: ReturnType<typeof setTimeout> | undefined;
  private _since: number | null = null;
  private _rested = 0;
  private _running: Promise<void> | null = null;
  private _disposed = false;
}
