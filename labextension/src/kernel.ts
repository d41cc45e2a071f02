/** What the kernel has to say: the comm that `%load_ext llmsec_nb` opens. */

import type { ISessionContext } from '@jupyterlab/apputils';
import type { Kernel, KernelMessage } from '@jupyterlab/services';
import type { JSONObject } from '@lumino/coreutils';
import { PromiseDelegate, UUID } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { IScanner } from './client';
import { ScanFailed } from './client';
import { accepted } from './pushes';
import type { Push, ScanReply, ScanRequest } from './wire';

const TARGET = 'llmsec_nb';
const PATIENCE = 30000;
/** What may be shown of a kernel's word on its version. */
const VERSION = /^\d[\w.+-]{0,31}$/;

interface IMessage {
  version?: string;
  push?: unknown;
  id?: string;
  reply?: ScanReply;
  error?: string;
  environment?: unknown;
}

/** Packages and their versions. */
export interface IPackages {
  [name: string]: string;
}

const MOST_PACKAGES = 20000;

/** What a kernel says of its packages, if it is that. */
function packages(told: unknown): IPackages | null {
  if (typeof told !== 'object' || told === null || Array.isArray(told)) {
    return null;
  }
  const entries = Object.entries(told);
  const plain = entries.every(([, version]) => typeof version === 'string');
  return plain && entries.length <= MOST_PACKAGES ? (told as IPackages) : null;
}

/** Whom a link tells. */
export interface IListener {
  push(push: Push): void;
  restarted(): void;
  reconsider(): void;
  installed(packages: IPackages | null): void;
}

export class KernelLink implements IScanner, IDisposable {
  constructor(
    private _session: ISessionContext,
    private _listener: IListener
  ) {
    _session.kernelChanged.connect(this._onKernel, this);
    _session.statusChanged.connect(this._onStatus, this);
    _session.connectionStatusChanged.connect(this._onConnection, this);
    this._attach(_session.session?.kernel ?? null);
  }

  /** Whether the kernel has our extension loaded. */
  get isOpen(): boolean {
    return this._comm !== null && !this._comm.isDisposed;
  }

  /** The version in the kernel; "" while it is not known. */
  get version(): string {
    return this._version;
  }

  get isDisposed(): boolean {
    return this._disposed;
  }

  dispose(): void {
    this._disposed = true;
    this._lose();
    Signal.clearData(this);
  }

  scan(request: ScanRequest): Promise<ScanReply> {
    const comm = this._comm;
    if (!comm || comm.isDisposed) {
      return Promise.reject(new ScanFailed('the kernel is gone'));
    }
    // Two front ends may share a kernel, and both hear each reply: the id tells whose it is.
    const id = UUID.uuid4();
    const waiting = new PromiseDelegate<ScanReply>();
    this._waiting.set(id, waiting);
    const timer = setTimeout(() => waiting.reject(new ScanFailed('the kernel is busy')), PATIENCE);
    try {
      comm.send({ id, scan: request as unknown as JSONObject });
    } catch (error) {
      waiting.reject(new ScanFailed(error instanceof Error ? error.message : String(error)));
    }
    return waiting.promise.finally(() => {
      clearTimeout(timer);
      this._waiting.delete(id);
    });
  }

  private _onKernel(
    _: ISessionContext,
    { newValue }: { newValue: Kernel.IKernelConnection | null }
  ): void {
    this._lose();
    this._attach(newValue);
  }

  private _onStatus(_: ISessionContext, status: Kernel.Status): void {
    if (status === 'restarting' || status === 'autorestarting' || status === 'dead') {
      this._lose();
    }
  }

  private _onConnection(_: ISessionContext, status: Kernel.ConnectionStatus): void {
    if (status === 'connected') {
      this._attach(this._session.session?.kernel ?? null);
    }
  }

  /** Hear of new comms, and take up the one that was open before this page was. */
  private _attach(kernel: Kernel.IKernelConnection | null): void {
    if (!kernel || kernel.isDisposed || !kernel.handleComms) {
      return;
    }
    kernel.registerCommTarget(TARGET, (comm, message) => {
      this._adopt(comm, message.content.data);
    });
    void this._find(kernel).catch(() => undefined); // a kernel that dies says nothing
  }

  private async _find(kernel: Kernel.IKernelConnection): Promise<void> {
    const { content } = await kernel.requestCommInfo({ target_name: TARGET });
    if (content.status !== 'ok' || this.isOpen || this._disposed || kernel.isDisposed) {
      return;
    }
    const [id] = Object.keys(content.comms);
    if (id && !kernel.hasComm(id)) {
      const comm = kernel.createComm(TARGET, id);
      this._adopt(comm, {});
      comm.send({ hello: true });
    }
  }

  private _adopt(comm: Kernel.IComm, first: IMessage): void {
    if (this._disposed) {
      return;
    }
    this._comm = comm;
    comm.onMsg = (message: KernelMessage.ICommMsgMsg) => {
      this._hear(message.content.data);
    };
    comm.onClose = () => {
      // The extension may have been loaded anew, and its old comm closed after that.
      if (comm === this._comm) {
        this._lose();
      }
    };
    this._hear(first);
    this._listener.reconsider();
    try {
      comm.send({ ask: 'environment' });
    } catch {
      // A kernel that is gone has no packages.
    }
  }

  private _hear({ version, push, id, reply, error, environment }: IMessage): void {
    const known = packages(environment);
    if (known) {
      this._listener.installed(known);
    }
    this._version = VERSION.test(String(version)) ? String(version) : this._version;
    const told = accepted(push);
    if (told) {
      this._listener.push(told);
    }
    const waiting = id ? this._waiting.get(id) : undefined;
    if (waiting && reply) {
      waiting.resolve(reply);
    } else if (waiting) {
      waiting.reject(new ScanFailed(error ?? 'the kernel could not scan'));
    }
  }

  private _lose(): void {
    this._comm = null;
    this._version = '';
    const error = new ScanFailed('the kernel was restarted');
    this._waiting.forEach(waiting => waiting.reject(error));
    this._waiting.clear();
    this._listener.installed(null);
    this._listener.restarted();
  }

  private _comm: Kernel.IComm | null = null;
  private _version = '';
  private _waiting = new Map<string, PromiseDelegate<ScanReply>>();
  private _disposed = false;
}
