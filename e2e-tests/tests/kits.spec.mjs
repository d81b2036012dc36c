// Campaign kits: the viewer's own partner merged in, previewed, downloaded one by one and all at once; and not for all.
import { readFile } from 'node:fs/promises';
import { expect, test } from '../lib/fixtures.mjs';
import { WHO, data } from '../lib/server.mjs';

const KIT = 'Ransomware readiness: recover in hours, not weeks';
const MAGIC = { PDF: '%PDF-', PNG: '\x89PNG\r\n\x1a\n', ZIP: 'PK\x03\x04', HTML: '<!doctype html' };

/** Presses a link that downloads and answers the name and the bytes. */
async function downloaded(page, link) {
  const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}

function expectMagic(bytes, format) {
  const head = bytes.subarray(0, 16).toString('latin1').trimStart();
  expect(head.toLowerCase().startsWith(MAGIC[format].toLowerCase()), `${format} begins with ${JSON.stringify(head)}`).toBe(true);
}

/** Names of the files in a ZIP, from its directory at the end. */
function namesInZip(bytes) {
  const names = [];
  for (let at = bytes.indexOf('PK\x01\x02', 0, 'latin1'); at >= 0; at = bytes.indexOf('PK\x01\x02', at + 4, 'latin1')) {
    names.push(bytes.subarray(at + 46, at + 46 + bytes.readUInt16LE(at + 28)).toString('utf8'));
  }
  return names;
}

async function openKit(open, who) {
  const page = await open(who, '/kits');
  await page.getByRole('link', { name: KIT }).first().click();
  await expect(page.getByRole('heading', { level: 1, name: KIT })).toBeVisible();
  return page;
}

test('marketing finds kits by words and language', async ({ open }) => {
  const page = await open(WHO.auroraMarketing, '/kits');
  await expect(page.getByRole('main').getByRole('article').or(page.getByRole('main').getByRole('listitem')).first()).toBeVisible();
  await page.getByLabel('Language').selectOption('German');
  await expect(page.getByRole('link', { name: 'NIS2: nachweisen statt behaupten' })).toBeVisible();
  await expect(page.getByRole('link', { name: KIT })).toHaveCount(0);
  await page.getByLabel('Language').selectOption('');
  await page.getByRole('searchbox', { name: 'Search kits' }).fill('ransomware');
  await expect(page.getByRole('link', { name: KIT })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Ready for peak season' })).toHaveCount(0);
});

test("the preview carries the viewer's own partner", async ({ open }) => {
  for (const [who, partner] of [[WHO.auroraMarketing, 'Aurora Systems'], [WHO.borealisMarketing, 'Borealis Consulting']]) {
    const page = await openKit(open, who);
    const frame = page.frameLocator('iframe[title="Preview: Invitation to a recovery rehearsal"]');
    await expect(frame.getByText(partner).first()).toBeVisible();
    await page.getByRole('navigation', { name: 'Contents of the kit' }).getByRole('button', { name: /^Landing page/ }).click();
    const landing = page.frameLocator('iframe[title="Preview: Landing page"]');
    await expect(landing.getByText(partner).first()).toBeVisible();
  }
});

test('each asset can be had as a file, the kit as a ZIP', async ({ open }) => {
  const page = await openKit(open, WHO.auroraMarketing);
  const contents = page.getByRole('navigation', { name: 'Contents of the kit' });
  for (const [asset, format, ending] of [
    ['Invitation to a recovery rehearsal', 'HTML', '.html'],
    ['Social post with picture', 'PNG', '.png'],
    ['Solution brief: ransomware readiness', 'PDF', '.pdf'],
  ]) {
    await contents.getByRole('button', { name: new RegExp(`^${asset}`) }).click();
    const { name, bytes } = await downloaded(page, page.getByRole('link', { name: `Download ${asset} as ${format}` }));
    expect(name).toMatch(new RegExp(`\\${ending}$`));
    expectMagic(bytes, format);
    expect(bytes.length).toBeGreaterThan(1000);
  }
  const { name, bytes } = await downloaded(page, page.getByRole('link', { name: 'Download all (ZIP)' }));
  expect(name).toMatch(/\.zip$/);
  expectMagic(bytes, 'ZIP');
  const names = namesInZip(bytes).join('\n');
  for (const ending of ['.html', '.png', '.pdf']) expect(names).toContain(ending);
});

test('the staff sees a kit for a partner of its choice', async ({ open }) => {
  const page = await openKit(open, WHO.marketing);
  await page.getByRole('combobox', { name: 'Made for' }).fill('Borea');
  await page.getByRole('option', { name: 'Borealis Consulting' }).click();
  const frame = page.frameLocator('iframe[title="Preview: Invitation to a recovery rehearsal"]');
  await expect(frame.getByText('Borealis Consulting').first()).toBeVisible();
  await page.getByRole('button', { name: 'Show the neutral version' }).click();
  await expect(frame.getByText('Borealis Consulting')).toHaveCount(0);
  // A frame that is still empty names nobody either.
  await expect(frame.getByText('Hello,').first()).toBeVisible();
  await expect(frame.getByText('Borealis Consulting')).toHaveCount(0);
});

test('engineers are never shown a campaign', async ({ open }) => {
  const page = await open(WHO.auroraEngineer, '/');
  const navigation = page.getByRole('navigation', { name: 'Main navigation' });
  await expect(navigation.getByRole('link', { name: 'Partners' })).toBeVisible();
  await expect(navigation.getByRole('link', { name: 'Campaign kits' })).toHaveCount(0);
  await page.goto('/kits');
  await expect(page.getByRole('heading', { name: 'This screen is not part of your role' })).toBeVisible();

  const { kits } = await data(WHO.auroraMarketing, '{ kits(first: 1) { nodes { id archiveUrl } } }');
  await page.goto(`/kits/${kits.nodes[0].id}`);
  await expect(page.getByRole('heading', { name: 'This screen is not part of your role' })).toBeVisible();
});
