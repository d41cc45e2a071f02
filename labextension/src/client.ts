import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';
import type {
  ConfigPlace,
  IgnoreReply,
  IgnoreRequest,
  ReportReply,
  ReportRequest,
  ScanReply,
  ScanRequest,
  Status
} from './wire';

/** Nobody there can scan: no server extension, as in JupyterLite. */
export class ScannerMissing extends Error {}

/** The scanner is there and did not answer as it should. */
export class ScanFailed extends Error {
  /** `refused`: this request will never be answered; another one may. */
  constructor(
    message: string,
    readonly refused = false
  ) {
    super(message);
  }
}

/** Judges cells. */
export interface IScanner {
  scan(request: ScanRequest): Promise<ScanReply>;
}

const ABSENT = new Set([404, 405, 501]);
const REFUSED = new Set([400, 413]);

/** The server extension, by its authenticated REST handlers. */
export class ServerScanner implements IScanner {
  constructor(private _settings = ServerConnection.makeSettings()) {}

  status(): Promise<Status> {
    return this._call<Status>('status');
  }

  scan(request: ScanRequest): Promise<ScanReply> {
    return this._call<ScanReply>('scan', request);
  }

  report(request: ReportRequest): Promise<ReportReply> {
    return this._call<ReportReply>('report', request);
  }

  configPlace(path: string): Promise<ConfigPlace> {
    return this._call<ConfigPlace>(`config?path=${encodeURIComponent(path)}`);
  }

  ignoreRule(request: IgnoreRequest): Promise<IgnoreReply> {
    return this._call<IgnoreReply>('config', request);
  }

  private async _call<T>(name: string, body?: unknown): Promise<T> {
    const url = URLExt.join(this._settings.baseUrl, 'llmsec-nb', 'api', name);
    const init =
      body === undefined ? { method: 'GET' } : { method: 'POST', body: JSON.stringify(body) };
    let response: Response;
    try {
      response = await ServerConnection.makeRequest(url, init, this._settings);
    } catch (error) {
      throw new ScanFailed(error instanceof Error ? error.message : String(error));
    }
    if (ABSENT.has(response.status)) {
      throw new ScannerMissing(response.statusText);
    }
    let answer: unknown;
    try {
      answer = await response.json();
    } catch {
      if (response.status >= 500) {
        throw new ScanFailed(response.statusText); // a proxy, whose server may come back
      }
      throw new ScannerMissing('the answer is not JSON');
    }
    if (!response.ok) {
      const message = (answer as { message?: string } | null)?.message;
      throw new ScanFailed(message || response.statusText, REFUSED.has(response.status));
    }
    return answer as T;
  }
}
