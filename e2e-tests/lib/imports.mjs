// Imports through the API.
import { expect } from '@playwright/test';
import { data } from './server.mjs';

const RUN = `query ($id: ID!) {
  importRun(id: $id) {
    status failure total processed created unchanged rejected reportUrl
    issues(first: 20) { totalCount nodes { severity file line column value reason } }
  }
}`;

/** Waits for the end of an import and answers the run. */
export async function finishedImport(as, id) {
  let run;
  await expect(async () => {
    run = (await data(as, RUN, { id })).importRun;
    expect(run.status).not.toBe('RUNNING');
  }).toPass({ intervals: [100], timeout: 20_000 });
  return run;
}
