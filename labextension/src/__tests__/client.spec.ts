import { ServerConnection } from '@jupyterlab/services';
import { describe, expect, it } from 'vitest';
import { ScanFailed, ScannerMissing, ServerScanner } from '../client';

interface ISent {
  url: string;
  method: string;
  body: string;
}

/** A scanner whose server gives one answer, and the requests that were sent to it. */
function serverThat(answer: () => Response | Promise<Response>) {
  const sent: ISent[] = [];
  const settings = ServerConnection.makeSettings({
    baseUrl: 'http://localhost:8888/user/ä/',
    token: '',
    init: { cache: 'default' }, // without it the time is part of each address
    fetch: async (request: RequestInfo | URL) => {
      const { url, method } = request as Request;
      sent.push({ url, method, body: await (request as Request).text() });
      return answer();
    }
  });
  return { scanner: new ServerScanner(settings), sent };
}

const json = (value: unknown, status = 200) => new Response(JSON.stringify(value), { status });

async function problemOf(answer: () => Response | Promise<Response>): Promise<Error> {
  const { scanner } = serverThat(answer);
  return scanner.scan({ cells: [] }).then(
    () => new Error('nothing was thrown'),
    (error: unknown) => error as Error
  );
}

describe('ServerScanner', () => {
  it('posts what is to be scanned and returns the answer', async () => {
    const { scanner, sent } = serverThat(() => json({ policy: 'p', cells: [] }));
    const request = { path: 'a.ipynb', cells: [{ key: 'c1', index: 0, cell: { source: '🙂' } }] };
    expect(await scanner.scan(request)).toEqual({ policy: 'p', cells: [] });
    expect(sent).toEqual([
      {
        url: 'http://localhost:8888/user/%C3%A4/llmsec-nb/api/scan',
        method: 'POST',
        body: JSON.stringify(request)
      }
    ]);
  });

  it('asks for the status without a body', async () => {
    const { scanner, sent } = serverThat(() => json({ version: '1' }));
    expect(await scanner.status()).toEqual({ version: '1' });
    expect(sent[0]).toMatchObject({ method: 'GET', body: '' });
    expect(sent[0].url).toMatch(/\/llmsec-nb\/api\/status$/);
  });

  it('escapes the path of a notebook', async () => {
    const { scanner, sent } = serverThat(() => json({}));
    await scanner.configPlace('../a b/x?&#.ipynb');
    expect(sent[0].url).toMatch(/\/llmsec-nb\/api\/config\?path=\.\.%2Fa%20b%2Fx%3F%26%23\.ipynb$/);
  });

  it('posts reports and rules to ignore', async () => {
    const { scanner, sent } = serverThat(() => json({}));
    await scanner.report({ path: 'a', format: 'html', notebook: {} });
    await scanner.ignoreRule({ name: 'n', text: '', rule: 'R' });
    expect(sent.map(({ url, method }) => [url.split('/api/')[1], method])).toEqual([
      ['report', 'POST'],
      ['config', 'POST']
    ]);
  });

  it.each([404, 405, 501])('finds nobody behind %i', async status => {
    expect(await problemOf(() => json({ message: 'x' }, status))).toBeInstanceOf(ScannerMissing);
  });

  it('finds nobody behind a page', async () => {
    const page = () => new Response('<html>Welcome</html>', { status: 200 });
    expect(await problemOf(page)).toBeInstanceOf(ScannerMissing);
  });

  it.each([400, 413])('takes %i for a refusal, with its reason', async status => {
    const problem = await problemOf(() => json({ message: 'not this one' }, status));
    expect(problem).toBeInstanceOf(ScanFailed);
    expect(problem).toMatchObject({ message: 'not this one', refused: true });
  });

  it.each([403, 500, 503])('takes %i for a failure that may pass', async status => {
    const problem = await problemOf(() => json({ message: 'busy' }, status));
    expect(problem).toBeInstanceOf(ScanFailed);
    expect(problem).toMatchObject({ message: 'busy', refused: false });
  });

  it('takes the page of a proxy whose server is gone for a failure that may pass', async () => {
    const page = () => new Response('<html>', { status: 502, statusText: 'Bad Gateway' });
    const problem = await problemOf(page);
    expect(problem).toBeInstanceOf(ScanFailed);
    expect(problem).toMatchObject({ message: 'Bad Gateway', refused: false });
  });

  it('has words also when the server has none', async () => {
    const empty = () => new Response('null', { status: 500, statusText: 'Server Error' });
    expect(await problemOf(empty)).toMatchObject({ message: 'Server Error', refused: false });
  });

  it('takes a network that is down for a failure that may pass', async () => {
    const problem = await problemOf(() => Promise.reject(new TypeError('offline')));
    expect(problem).toBeInstanceOf(ScanFailed);
    expect(problem).toMatchObject({ message: 'offline', refused: false });
  });
});
