// Importing a CRM's files in the app: a dry run, the run, its report, and the same again without effect.
import { readFile } from 'node:fs/promises';
import { expect, test } from '../lib/fixtures.mjs';
import { WHO, data, unique } from '../lib/server.mjs';

const folder = new URL('../fixtures/crm/', import.meta.url);
const NAMES = ['sales_pipeline', 'accounts', 'products', 'sales_teams'];

/** The files of the fixture with names that no earlier import has used. */
async function files(tag) {
  const read = async (name) => (await readFile(new URL(`${name}.csv`, folder), 'utf8')).replaceAll('RUN', tag);
  return Promise.all(NAMES.map(async (name) => ({ name: `${name}.csv`, mimeType: 'text/csv', buffer: Buffer.from(await read(name)) })));
}

async function start(page, chosen, { dry = false } = {}) {
  // Several at once: each goes where its name says.
  await page.getByLabel('Deals', { exact: false }).and(page.locator('input[type=file]')).setInputFiles(chosen);
  for (const { name } of chosen) await expect(page.getByText(new RegExp(`^${name} · `))).toBeVisible();
  await page.getByRole('button', { name: 'Add a value' }).click();
  const alias = page.getByRole('group', { name: 'Value 1' });
  await alias.getByLabel('In the files').fill('HaldenLens');
  await alias.getByLabel('Stands for').fill('Halden Lens');
  if (dry) {
    const only = page.getByRole('checkbox', { name: 'Dry run: check everything, write nothing' });
    await only.press('Space');
    await expect(only).toBeChecked();
  }
  await page.getByRole('button', { name: dry ? 'Check' : 'Start the import', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: dry ? 'Import, dry run' : 'Import' })).toBeVisible();
  // There once the run is done.
  await expect(page.getByRole('link', { name: 'To the pipeline' })).toBeVisible({ timeout: 20_000 });
}

async function expectSums(page, sums) {
  const list = page.getByRole('main').locator('dl').first();
  for (const [name, count] of Object.entries(sums)) {
    await expect(list.locator('div').filter({ hasText: name }).getByRole('definition')).toHaveText(String(count));
  }
}

async function importedDeals(search) {
  return (await data(WHO.admin, 'query ($search: String) { deals(search: $search, first: 10) { nodes { number source stage { key } customer { name } } } }', { search })).deals.nodes;
}

test('a dry run writes nothing, a run does, the same again changes nothing', async ({ open }) => {
  test.setTimeout(90_000);
  const tag = unique('Nr').replace(' ', '');
  const chosen = await files(tag);
  const page = await open(WHO.admin, '/import');
  await start(page, chosen, { dry: true });
  await expect(page.getByText('Nothing was written.')).toBeVisible();
  expect(await importedDeals(`Quellgrund Klinik ${tag}`)).toEqual([]);

  await page.goto('/import');
  await start(page, chosen);
  await expectSums(page, { Rows: 6, Rejected: 2 });
  const row = (text) => page.getByRole('row').filter({ hasText: text });
  await expect(row('Halden Nothing')).toContainText('Error');
  await expect(row('13/40/2026')).toContainText('sales_pipeline');
  const [report] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Download the report (CSV)' }).click()]);
  expect(report.suggestedFilename()).toMatch(/\.csv$/);
  expect(await readFile(await report.path(), 'utf8')).toContain('Halden Nothing');
  const won = await importedDeals(`Quellgrund Klinik ${tag}`);
  expect(won).toEqual([expect.objectContaining({ source: 'IMPORTED', stage: { key: 'won' } })]);

  await page.goto('/import');
  await expect(page.getByRole('region', { name: 'Past imports' }).first()).toContainText('Miriam Falk');
  await start(page, chosen);
  await expectSums(page, { Created: 0, Rejected: 2 });
});

test('what is no CSV of a CRM is told at its file', async ({ open }) => {
  const page = await open(WHO.admin, '/import');
  await page.getByRole('button', { name: 'Start the import' }).click();
  await expect(page.getByText('An import needs the file with the deals.')).toBeVisible();
  const broken = { name: 'sales_pipeline.csv', mimeType: 'text/csv', buffer: Buffer.from('name,colour\nAcme,red\n') };
  const input = page.getByLabel('Deals', { exact: false }).and(page.locator('input[type=file]'));
  await input.setInputFiles([broken]);
  await page.getByRole('button', { name: 'Start the import' }).click();
  await expect(input).toHaveAccessibleDescription(/column/i);
});

test('only administrators of the vendor import', async ({ open }) => {
  const page = await open(WHO.auroraAdmin, '/import');
  await expect(page.getByRole('heading', { name: 'This screen is not part of your role' })).toBeVisible();
  await expect(page.getByRole('navigation', { name: 'Main navigation' }).getByRole('link', { name: 'Import' })).toHaveCount(0);
});
