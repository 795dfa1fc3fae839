import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { deflateSync } from 'node:zlib';
import type { ExecutionContext } from 'ava';
import puppeteer, { type Browser, type Page } from 'puppeteer-core';
import type { Comparison } from '../../engine/comparison.ts';
import type { Report } from '../../engine/model.ts';
import { diffHtml } from '../../reporters/diff/html.ts';
import { html } from '../../reporters/html.ts';

const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const FLAGS = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'],
  ...['--disable-background-networking', '--disable-component-update'],
];

/** A busy machine needs time for a page of thirty thousand results, in milliseconds. */
const PATIENCE = 120_000;

/** An open report, and everything it did that a report must not do: what it asked for, what its policy refused, errors. */
export type Visit = Readonly<{ page: Page; misdeeds: readonly string[] }>;

/** What the visitor brings: a scheme of colours, script or none, the width of the window in pixels, packed data, a place. */
export type Visitor = Readonly<{ dark?: boolean; script?: boolean; width?: number; packed?: boolean; hash?: string }>;
/** Of a comparison the page of a change review is opened. */
export type Open = (report: Report | Comparison, visitor?: Visitor) => Promise<Visit>;

/** Those of some texts that stand on more than one line. */
export const broken = (page: Page, selector: string): Promise<readonly string[]> =>
  page.$$eval(selector, (all) =>
    all
      .filter((one) => {
        const range = one.ownerDocument.createRange();
        range.selectNodeContents(one);
        return new Set([...range.getClientRects()].map(({ top }: { top: number }) => Math.round(top))).size > 1;
      })
      .map((one) => one.textContent),
  );

/** The body of a test that needs Chromium. Without one the test says so and passes; but under CI=true it fails. */
export const browsing = (body: (t: ExecutionContext, open: Open) => Promise<void>) => async (t: ExecutionContext) => {
  if (!existsSync(CHROMIUM)) {
    const reason = `${CHROMIUM} is missing; Debian has it in chromium, and CHROMIUM may name another one`;
    if (process.env['CI'] === 'true') return t.fail(reason);
    t.log(`NOT TESTED: ${reason}`);
    return t.pass();
  }
  const pages: Page[] = [];
  try {
    await body(t, async (report, visitor) => {
      const opened = await openReport(report, visitor);
      pages.push(opened.page);
      return opened;
    });
  } finally {
    for (const page of pages) await leave(page);
  }
};

/** Opens a report in a page of its own, which the caller closes. */
export const openReport: Open = async (report, visitor = {}) => {
  const { browser, folder } = await start();
  const file = await fileOf(report, visitor.packed === true, folder);
  // A page that a tab shows already, at another place, would only be scrolled.
  const address = `${pathToFileURL(file).href}?${++visits}${visitor.hash ?? ''}`;
  return visit(idle.pop() ?? (await newTab(browser)), address, visitor);
};

let visits = 0;

/** Reports that several tests open are written once. */
const written = { packed: new WeakMap<object, Promise<string>>(), plain: new WeakMap<object, Promise<string>>() };

const fileOf = (report: Report | Comparison, isPacked: boolean, folder: string): Promise<string> => {
  const files = written[isPacked ? 'packed' : 'plain'];
  const file = files.get(report) ?? write(report, isPacked, folder);
  files.set(report, file);
  return file;
};

const write = async (report: Report | Comparison, isPacked: boolean, folder: string): Promise<string> => {
  const file = path.join(await mkdtemp(path.join(folder, 'report-')), 'report.html');
  const options = { colour: false, width: 80, ...(isPacked && { deflate: deflateSync }) };
  await writeFile(file, 'changes' in report ? diffHtml(report, options) : html(report, options));
  return file;
};

/** Tag and classes of each element, in one exchange: `$$eval` takes hold of every element by itself, which costs most of a test. */
export const tagsOf = (page: Page, selector = '*'): Promise<readonly string[]> =>
  page.$eval(
    ':root',
    (root, wanted) => [...root.ownerDocument.querySelectorAll(wanted)].map((one) => `${one.tagName} ${one.className}`),
    selector,
  );

/** Ends the browser: for `test.after.always`. */
export const closeBrowser = async (): Promise<void> => {
  if (!running) return;
  const { browser, folder } = await running;
  await browser.close();
  await rm(folder, { recursive: true, force: true });
};

type Running = Readonly<{ browser: Browser; folder: string }>;
let running: Promise<Running> | undefined;

/** One browser for all tests of a file. */
const start = (): Promise<Running> => {
  running ??= mkdtemp(path.join(tmpdir(), 'sstp-audit-browser-')).then(async (folder) => {
    const userDataDir = path.join(folder, 'profile');
    return { folder, browser: await puppeteer.launch({ executablePath: CHROMIUM, userDataDir, args: FLAGS }) };
  });
  return running;
};

const TELL_REFUSALS =
  "addEventListener('securitypolicyviolation', ({ violatedDirective, sample }) => console.log('refused', violatedDirective, sample))";

/** A page, where it is to go, and what it does there that it must not do. */
type Tab = { readonly page: Page; address: string; misdeeds: string[] };
/** A new page costs more than a report: one that a test has left shows the reports of the next. */
const idle: Tab[] = [];
const tabs = new Map<Page, Tab>();

const newTab = async (browser: Browser): Promise<Tab> => {
  const page = await browser.newPage();
  const tab: Tab = { page, address: '', misdeeds: [] };
  page.on('request', (request) => {
    if (request.url() !== tab.address && request.url() !== tab.address.replace(/#.*/, ''))
      tab.misdeeds.push(`asked for ${request.url()}`);
  });
  page.on('console', (message) => tab.misdeeds.push(`console: ${message.text()}`));
  page.on('pageerror', (error) =>
    tab.misdeeds.push(`error: ${error instanceof Error ? error.message : String(error)}`),
  );
  page.on('dialog', (dialog) => {
    tab.misdeeds.push(`dialog: ${dialog.message()}`);
    dialog.dismiss().catch((error: Error) => tab.misdeeds.push(error.message));
  });
  page.setDefaultTimeout(PATIENCE);
  await page.evaluateOnNewDocument(TELL_REFUSALS);
  tabs.set(page, tab);
  return tab;
};

const visit = async (tab: Tab, address: string, visitor: Visitor): Promise<Visit> => {
  const { dark = false, script = true, width = 1_200 } = visitor;
  const { page } = tab;
  await page.setViewport({ width, height: 900 });
  await page.emulateMediaType('screen');
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: dark ? 'dark' : 'light' }]);
  // A page behind another one is not drawn, and what waits to be drawn waits for ever.
  await page.bringToFront();
  tab.address = address;
  tab.misdeeds = [];
  await page.setJavaScriptEnabled(script);
  await page.goto(address);
  return { page, misdeeds: tab.misdeeds };
};

/** Whatever the report still does, it does no longer when this has come back. An empty page would do as well, and costs half a report. */
const leave = async (page: Page): Promise<void> => {
  const tab = tabs.get(page);
  if (!tab) return;
  await page.setJavaScriptEnabled(false);
  idle.push(tab);
};
