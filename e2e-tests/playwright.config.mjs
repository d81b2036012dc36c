// How the browser tests run: one Chromium, one worker, no retries. A test that passes only sometimes is a failure.
import { defineConfig } from '@playwright/test';
import { BROWSER } from './lib/fixtures.mjs';

export default defineConfig({
  testDir: './tests',
  outputDir: './test-results',
  globalSetup: './lib/setup.mjs',
  workers: 1,
  retries: 0,
  fullyParallel: false,
  forbidOnly: Boolean(process.env.CI),
  timeout: 45_000,
  globalTimeout: 60 * 60_000,
  expect: { timeout: 10_000 },
  reporter: [['list'], ['./lib/reporter.mjs']],
  use: {
    ...BROWSER,
    browserName: 'chromium',
    actionTimeout: 10_000,
    navigationTimeout: 20_000,
    trace: process.env.E2E_TRACE ? 'retain-on-failure' : 'off',
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: process.env.CHROMIUM_PATH || '/usr/bin/chromium',
      args: [
        '--headless',
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
});
