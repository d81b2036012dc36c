// Reports: every number opens its rows, the same for both sides, as a file, and equal to what a script computes from the CSV files.
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, settled, test } from '../lib/fixtures.mjs';
import { registerDeal, approvedDeal } from '../lib/deals.mjs';
import { SERVER, startOwnServer } from '../lib/own.mjs';
import { PASSWORD, WHO, data, unique } from '../lib/server.mjs';

const run = promisify(execFile);
const number = (text) => Number(text.replaceAll(/[^0-9]/g, ''));

const FIGURE = (page, name) => page.locator('.e-figures__one').filter({ has: page.locator('dt', { hasText: new RegExp(`^${name}$`) }) });

test('a number opens exactly its rows', async ({ open }) => {
  await registerDeal();
  await approvedDeal();
  const page = await open(WHO.manager, '/reports?source=REGISTERED');
  const submitted = FIGURE(page, 'Submitted').getByRole('link').first();
  const count = number(await submitted.innerText());
  expect(count).toBeGreaterThan(1);
  await submitted.focus();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/pipeline\?.*createdFrom=/);
  await settled(page);
  await expect(page.getByText('As in the report')).toBeVisible();
  // The deals of all stages of the list together are the number that was followed.
  const stages = page.locator('.e-stage-strip').getByText(/ deals?$/);
  await expect(async () => {
    const counts = await stages.allInnerTexts();
    expect(counts.reduce((sum, text) => sum + number(text), 0)).toBe(count);
  }).toPass({ timeout: 10_000 });
  const query = '{ report(input: {sources: [REGISTERED]}) { registrations { volume { value rows { deals(first: 1) { totalCount } } } } } }';
  const { volume } = (await data(WHO.manager, query)).report.registrations;
  expect(volume.rows.deals.totalCount).toBe(Number(volume.value));
});

test('a partner reads its own figures and cannot tell partners apart', async ({ open }) => {
  const page = await open(WHO.auroraSales, '/reports');
  await expect(page.getByRole('group', { name: 'Registrations by' }).getByRole('button', { name: 'Product' })).toBeVisible();
  await expect(page.getByRole('group', { name: 'Registrations by' }).getByRole('button', { name: 'Partner' })).toHaveCount(0);
});

test('a list becomes a file', async ({ open }) => {
  const page = await open(WHO.manager, '/pipeline?view=table&status=ALL');
  await page.getByRole('button', { name: 'Export CSV' }).click();
  const link = page.getByTestId('export').getByRole('link');
  await expect(link).toBeVisible({ timeout: 20_000 });
  const [file] = await Promise.all([page.waitForEvent('download'), link.click()]);
  expect(file.suggestedFilename()).toMatch(/^deals-\d{4}-\d{2}-\d{2}\.csv$/);
  const text = await readFile(await file.path(), 'utf8');
  expect(text.startsWith('\ufeffnumber,title,status,')).toBe(true);
  expect(text.trim().split('\r\n').length - 1).toBe(number(await link.innerText()));
});

test('leads, people, disputes and direct sales become files as well', async ({ open }) => {
  const page = await open(WHO.admin, '/leads');
  for (const [path, name, head] of [
    ['/leads', 'leads', 'number,status,person,'],
    ['/settings/users', 'users', 'name,email,title,'],
    ['/disputes', 'disputes', 'number,status,side,'],
    ['/direct-sales', 'direct-sales', 'status,customer,'],
  ]) {
    await page.goto(path);
    await page.getByRole('button', { name: 'Export CSV' }).click();
    const link = page.getByTestId('export').getByRole('link');
    await expect(link).toBeVisible({ timeout: 20_000 });
    const [file] = await Promise.all([page.waitForEvent('download'), link.click()]);
    expect(file.suggestedFilename()).toMatch(new RegExp(`^${name}-\\d{4}-\\d{2}-\\d{2}\\.csv$`));
    expect((await readFile(await file.path(), 'utf8')).startsWith(`\ufeff${head}`)).toBe(true);
  }
});

test('every figure equals what a script computes from the files', async () => {
  test.setTimeout(120_000);
  const folder = fileURLToPath(new URL('../fixtures/reports/', import.meta.url));
  const script = fileURLToPath(new URL('../reports/check_reports.py', import.meta.url));
  const alias = ['--alias', 'product:HaldenLens=Halden Lens'];
  const settings = { ENTENTE_DATABASE: unique('reports').replaceAll(/[^a-z0-9]/gi, '_').toLowerCase() };
  const env = { ...process.env, ...settings, ENTENTE_ADMIN_PASSWORD: PASSWORD };
  await run(SERVER, ['migrate'], { env });
  await run(SERVER, ['import', 'crm', '--dir', folder, ...alias], { env });
  await run(SERVER, ['admin', 'create', '--name', 'Ada', '--email', 'ada@reports.test'], { env });
  const server = await startOwnServer(settings);
  try {
    const asked = [script, folder, server.url, '--email', 'ada@reports.test', '--password', PASSWORD, ...alias];
    for (const period of [[], ['--from', '2026-02-01', '--to', '2026-06-30']]) {
      const { stdout } = await run('python3', [...asked, ...period]);
      expect(stdout).toMatch(/\n[1-9]\d+ figures compared, 0 differ/);
    }
  } finally {
    await server.stop();
  }
});
