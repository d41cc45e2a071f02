import type { CellReply, Failure, Finding, Skip } from './wire';

let made = 0;

/** What is known of one cell. */
export class Record {
  /** The name of the cell in requests: ids may be equal in two notebooks. */
  readonly key = `c${++made}`;
  /** Grows with each change of the cell. */
  version = 1;
  /** The version that `server` is about. */
  judged = 0;
  findings: readonly Finding[] = [];
  problems: readonly (Failure | Skip)[] = [];
  lowConfidence = 0;

  /** Take a reply, unless the cell has changed since the request was sent. */
  accept(reply: CellReply, version: number): boolean {
    if (version !== this.version) {
      return false;
    }
    this.judged = version;
    this.findings = reply.findings ?? [];
    this.problems = [...(reply.failures ?? []), ...(reply.skips ?? [])];
    this.lowConfidence = reply.low_confidence ?? 0;
    return true;
  }

  /** Note that the cell could not be scanned. */
  refuse(problem: Failure, version: number): void {
    this.accept({ key: this.key, findings: [], failures: [problem] }, version);
  }

  /** Findings that the kernel pushed, in place of those of the same source. */
  push(source: string, findings: readonly Finding[]): void {
    if (findings.length) {
      this._pushed.set(source, findings);
    } else {
      this._pushed.delete(source);
    }
  }

  /** The cell was edited: what the kernel said of its text is stale. */
  edit(): void {
    this.version++;
    for (const [source, findings] of this._pushed) {
      this.push(
        source,
        findings.filter(({ location }) => location.type !== 'cell' && location.type !== 'output')
      );
    }
  }

  /** Forget what the kernel said. */
  restart(): boolean {
    const had = this._pushed.size > 0;
    this._pushed.clear();
    return had;
  }

  /** What the kernel said and the server did not. */
  get pushed(): Finding[] {
    const known = new Set(this.findings.map(place));
    return [...this._pushed.values()].flat().filter(finding => !known.has(place(finding)));
  }

  private _pushed = new Map<string, readonly Finding[]>();
}

/** The same words for the same finding, whoever made it. */
function place({ rule, location }: Finding): string {
  const output = location.type === 'output' ? [location.output, location.mime] : [];
  return [rule, location.type, location.line, location.column, ...output].join('|');
}
