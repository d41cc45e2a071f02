/** What jsdom lacks of a browser. */

import { afterEach, beforeEach, vi } from 'vitest';

const inBrowser = typeof window !== 'undefined';

if (inBrowser) {
  pretend();
}

beforeEach(() => {
  // No test may reach a network.
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('no network in tests')));
});

afterEach(() => {
  vi.useRealTimers();
  if (inBrowser) {
    document.body.replaceChildren();
  }
});

function pretend(): void {
  // React warns unless it is told that a test drives it.
  (globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;

  // JupyterLab's modules name it when they are loaded.
  class FakeDragEvent extends MouseEvent {}
  globalThis.DragEvent ??= FakeDragEvent as unknown as typeof DragEvent;

  window.matchMedia ??= (media: string) =>
    ({
      media,
      matches: false,
      addEventListener: nothing,
      removeEventListener: nothing,
      addListener: nothing
    }) as never;
  globalThis.CSS ??= { escape: escaped } as typeof CSS;
  // jsdom has no layout: nothing scrolls, and no text has a place.
  Element.prototype.scrollIntoView ??= nothing;
  Range.prototype.getClientRects ??= () => [] as unknown as DOMRectList;
}

function nothing(): void {}

/** Every sign that could mean something in a selector, as a code point. */
function escaped(text: string): string {
  return text.replace(/[^\w-]/g, sign => `\\${sign.charCodeAt(0).toString(16)} `);
}
