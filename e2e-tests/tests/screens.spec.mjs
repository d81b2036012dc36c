// Every screen, as everyone who sees it, in both themes and both widths: nothing serious for axe, no sideways scrolling
// on a phone, and a picture of each in screenshots/.
import { expect, test } from '../lib/fixtures.mjs';
import { SIZES, look } from '../lib/look.mjs';
import { fillRegistration, verdict } from '../lib/screens.mjs';
import { WHO, data, unique, upload } from '../lib/server.mjs';
import { approvedDeal, changeDeal, registerDeal, registration } from '../lib/deals.mjs';
import { finishedImport } from '../lib/imports.mjs';

test.describe.configure({ timeout: 90_000 });

const aDeal = async () => `/deals/${(await registerDeal({ nextStep: 'Workshop with their operations team' })).id}`;

async function aDealWithHistory() {
  const deal = await registerDeal();
  const asked = await changeDeal(WHO.manager, 'dealRequestInfo', deal, { question: 'Who signs the order?' });
  const answered = await changeDeal(WHO.auroraSales, 'dealProvideInfo', asked, { answer: 'The head of IT.' });
  const approved = await changeDeal(WHO.manager, 'dealApprove', answered, { note: 'Good preparation.' });
  await changeDeal(WHO.auroraSales, 'dealMoveStage', approved, { stage: 'proposal' });
  return `/deals/${deal.id}`;
}

async function aQuestion() {
  const deal = await registerDeal();
  await changeDeal(WHO.manager, 'dealRequestInfo', deal, { question: 'Who signs the order?' });
  return `/deals/${deal.id}`;
}

async function aKit() {
  const { kits } = await data(WHO.auroraMarketing, '{ kits(first: 1, search: "ransomware") { nodes { id } } }');
  return `/kits/${kits.nodes[0].id}`;
}

async function aRun() {
  const columns = 'opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value';
  const { body } = await upload(WHO.admin, 'sales_pipeline.csv', `${columns}\n${unique('look')},Nobody,Halden Nothing,,Won,13/40/2026,,\n`);
  const start = 'mutation ($input: CrmImportInput!) { crmImport(input: $input) { run { id } } }';
  const { crmImport } = await data(WHO.admin, start, { input: { salesPipeline: body.id } });
  await finishedImport(WHO.admin, crmImport.run.id);
  return `/import?run=${crmImport.run.id}`;
}

const SCREENS = {
  stranger: [null, { 'sign-in': '/sign-in', directory: '/partners?country=DE', partner: '/partners/aurora-systems', 'not-found': '/no/such/place' }],
  manager: [
    WHO.manager,
    {
      home: '/',
      queue: '/queue',
      // Narrowed, because axe takes its time with hundreds of cards and rows.
      board: '/pipeline?territory=nordics',
      table: '/pipeline?view=table&territory=nordics&stage=negotiation,proposal',
      deal: aDeal,
      register: '/register',
      partner: '/partners/halbinsel-digital',
      kit: aKit,
      profile: '/profile',
      reports: '/reports',
      notifications: '/notifications',
      'notification-preferences': '/notifications/preferences',
      'direct-sales': '/direct-sales',
      disputes: '/disputes',
      rooms: '/rooms',
      forbidden: '/settings/users',
      'not-found': '/deals/deal_01J00000000000000000000000',
    },
  ],
  admin: [WHO.admin, { home: '/', import: '/import', 'import-run': aRun, users: '/settings/users?role=channel-manager', 'api-keys': '/settings/api-keys', routing: '/admin/routing' }],
  partner: [
    WHO.auroraSales,
    { home: '/', board: '/pipeline', deal: aDealWithHistory, 'deal-asked': aQuestion, partner: '/partners/aurora-systems' },
  ],
  'partner-admin': [WHO.auroraAdmin, { users: '/settings/users' }],
  'partner-marketing': [WHO.auroraMarketing, { home: '/', kits: '/kits', kit: aKit }],
};

for (const [who, [email, screens]] of Object.entries(SCREENS)) {
  for (const [screen, path] of Object.entries(screens)) {
    test(`${who}: ${screen}`, async ({ open }) => {
      const page = await open(email, typeof path === 'string' ? path : await path());
      await look(page, `${who}-${screen}`);
    });
  }
}

test('partner: register with a verdict', async ({ open }) => {
  const mine = await approvedDeal();
  const page = await open(WHO.auroraSales, '/register');
  await fillRegistration(page, { ...(await registration()), customerName: mine.input.customerName, customerDomain: mine.input.customerDomain }, 'Halden Lens');
  await page.getByRole('textbox', { name: 'Value' }).fill('0.001');
  await page.getByRole('button', { name: 'Register the deal' }).click();
  await look(page, 'partner-register-wrong');
  await page.getByRole('textbox', { name: 'Value' }).fill('48500');
  await expect(verdict(page)).toContainText('Blocked');
  await look(page, 'partner-register-blocked');
  await page.getByRole('button', { name: 'Discard draft' }).click();
});

test('manager: dialogs and menus', async ({ open }) => {
  const page = await open(WHO.manager, await aDeal());
  await page.getByRole('button', { name: 'Reject', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Reject', exact: true }).click();
  await look(page, 'manager-dialog', { fullPage: false });
  await page.keyboard.press('Escape');
  await page.setViewportSize(SIZES[1]);
  await page.getByRole('button', { name: 'Open the menu' }).click();
  await page.getByRole('button', { name: /Jonas Achterberg/ }).click();
  await look(page, 'manager-menu', { fullPage: false, sizes: SIZES.slice(1) });
});
