// axe in the page itself: what stands in frames is a kit's content, in a sandbox that runs nothing, and not ours.
import axe from 'axe-core';

/** Rules whose answer depends on the colours; the others say the same in every theme. */
const BY_COLOUR = ['color-contrast', 'link-in-text-block'];

/** What axe finds serious or critical, one line per place. */
export async function axeFindings(page, { onlyColours = false } = {}) {
  // By way of the debugger, because the page's own policy allows no script from elsewhere.
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source);
  const violations = await page.evaluate(
    async (rules) => {
      const runOnly = rules ? { type: 'rule', values: rules } : undefined;
      const found = await window.axe.run({ exclude: [['iframe']] }, { iframes: false, resultTypes: ['violations'], runOnly });
      return found.violations.map(({ id, impact, nodes }) => ({
        id,
        impact,
        places: nodes.map(({ target, failureSummary }) => `${target.join(' ')}: ${failureSummary?.split('\n')[1]?.trim()}`),
      }));
    },
    onlyColours ? BY_COLOUR : null,
  );
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, impact, places }) => places.map((place) => `${impact} ${id}: ${place}`));
}
