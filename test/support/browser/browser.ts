import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { expect } from 'vitest';
import { findChromium, INSTALL_CHROMIUM } from '../chromium.ts';

// No sandbox for whoever is root, and nothing that a browser looks up by itself.
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** The machine's own Chromium, without a window. */
export function openBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (!executablePath) throw new Error(`there is no Chromium here: ${INSTALL_CHROMIUM}`);
  return chromium.launch({ executablePath, args: ARGUMENTS });
}

export const WIDE = { width: 1280, height: 800 };
export const NARROW = { width: 390, height: 844 };

/** The pages that each place of the console must be fit for, each of them light and dark: see `accessible`. */
export const LOOKS = [
  { look: 'wide', viewport: WIDE },
  { look: 'narrow', viewport: NARROW },
] as const;

/** Nothing of the page lies beyond its width. */
export async function fits(page: Page): Promise<void> {
  const [content = 0, width = 0] = await page.evaluate(() => [
    document.documentElement.scrollWidth,
    innerWidth,
  ]);
  expect(content).toBeLessThanOrEqual(width);
}

export interface Visit {
  readonly page: Page;
  /** closes the page, on which nothing may have gone wrong */
  leave(): Promise<void>;
}

export interface Visitor {
  readonly viewport?: { readonly width: number; readonly height: number };
  /** what the browser may complain of in this visit, as a request that is meant to fail */
  readonly allowed?: RegExp;
  /** in a browser that has never been there */
  readonly fresh?: boolean;
  /** the time zone of such a browser, as `Asia/Tokyo` */
  readonly zone?: string;
}

// A loaded machine is slow. Shorter than the time of a test, so that the failure names what was waited for.
const PATIENCE_MS = 240_000;

const contexts = new WeakMap<Browser, Promise<BrowserContext>>();

/** Opens an address in a new tab; the browser has the page's program, and the console's token, from earlier visits. */
export async function visit(
  browser: Browser,
  url: string,
  { viewport = WIDE, allowed, zone, fresh = zone !== undefined }: Visitor = {},
): Promise<Visit> {
  const known = fresh ? undefined : contexts.get(browser);
  const context = known ?? browser.newContext({ colorScheme: 'light', ...(zone && { timezoneId: zone }) });
  if (!fresh) contexts.set(browser, context);
  const page = await (await context).newPage();
  await page.setViewportSize(viewport);
  page.setDefaultTimeout(PATIENCE_MS);
  const problems: string[] = [];
  const note = (problem: string): void => {
    if (!allowed?.test(problem)) problems.push(problem);
  };
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) note(message.text());
  });
  page.on('pageerror', (error) => note(error.message));
  await page.addInitScript(watchShifts);
  await page.goto(url);
  return {
    page,
    leave: async () => {
      const shifts = await page.evaluate(() => Reflect.get(window, 'shifts'));
      await page.close();
      expect({ problems, shifts }).toEqual({ problems: [], shifts: [] });
    },
  };
}

/** Notes whatever moves on the page without somebody having done something. */
function watchShifts(): void {
  const shifts: string[] = [];
  Reflect.set(window, 'shifts', shifts);
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      if (Reflect.get(entry, 'hadRecentInput')) continue;
      const sources: { node?: Element }[] = Reflect.get(entry, 'sources') ?? [];
      const moved = sources.map(({ node }) => `${node?.nodeName} ${node?.className ?? ''}`);
      // A hundredth of what is held to be good.
      if (Reflect.get(entry, 'value') > 0.001) shifts.push(moved.join(', '));
    }
  });
  observer.observe({ type: 'layout-shift', buffered: true });
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** axe finds nothing on the page as it is, light and dark. It is light again afterwards. */
export async function accessible(page: Page): Promise<void> {
  await page.evaluate(axeSource);
  // Of axe's rules this one alone looks at colours.
  for (const [colorScheme, rules] of [
    ['dark', ['color-contrast']],
    ['light', undefined],
  ] as const) {
    await page.emulateMedia({ colorScheme });
    const { violations } = await page.evaluate(
      (runOnly): Promise<AxeResults> =>
        Reflect.get(window, 'axe').run(document, {
          resultTypes: ['violations'],
          ...(runOnly && { runOnly }),
        }),
      rules,
    );
    const found = violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html)}`);
    expect({ colorScheme, found }).toEqual({ colorScheme, found: [] });
  }
}
