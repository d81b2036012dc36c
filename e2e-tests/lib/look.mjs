// Looking at a screen: a picture of it in both themes and widths, nothing serious for axe, no sideways scrolling.
import { axeFindings } from './axe.mjs';
import { expect, settled } from './fixtures.mjs';

export const SIZES = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
];
const THEMES = ['light', 'dark'];

/** Brings what the page would load while scrolling, and goes to its top, so that the picture is whole. */
async function complete(page) {
  await page.evaluate(() => {
    for (const late of document.querySelectorAll('[loading=lazy]')) late.loading = 'eager';
    window.scrollTo(0, 0);
  });
  await page.waitForFunction(() => [...document.images].every((image) => image.complete));
  for (const frame of page.frames()) await frame.waitForLoadState('load');
}

/** Looks at the page in every theme and width, with a picture of each in screenshots/; it is wide and light again afterwards. */
export async function look(page, name, { fullPage = true, sizes = SIZES } = {}) {
  const wrong = [];
  for (const size of sizes) {
    await page.setViewportSize(size);
    for (const colorScheme of THEMES) {
      await page.emulateMedia({ colorScheme });
      await settled(page);
      await complete(page);
      const where = `${name}-${colorScheme}-${size.width}`;
      await page.screenshot({ path: `screenshots/${where}.png`, fullPage, animations: 'disabled', timeout: 30_000 });
      const findings = await axeFindings(page, { onlyColours: colorScheme !== THEMES[0] });
      wrong.push(...findings.map((finding) => `${where}: ${finding}`));
      const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      if (over > 0) wrong.push(`${where}: the page is ${over} px wider than the screen`);
    }
  }
  expect(wrong).toEqual([]);
  await page.setViewportSize(SIZES[0]);
  await page.emulateMedia({ colorScheme: THEMES[0] });
}
