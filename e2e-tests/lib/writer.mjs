// Somebody else at work: deals that are registered, decided, moved and withdrawn while a screen sleeps, with a record of
// every change that was acknowledged.
import { WHO } from './server.mjs';
import { changeDeal, registerDeal } from './deals.mjs';

/** Works for a while, `pause` milliseconds between the changes; every change is in `changes`, every deal in `deals`. */
export function startWork({ pause = 100 } = {}) {
  const work = { deals: new Map(), changes: [] };
  let isOver = false;
  const note = (deal, kind) => {
    const known = work.deals.get(deal.id);
    work.deals.set(deal.id, { ...known, ...deal });
    work.changes.push({ id: deal.id, kind });
    return work.deals.get(deal.id);
  };
  const rest = () => new Promise((later) => setTimeout(later, pause));
  // One of each kind in turn: comes and stays, comes and moves on, comes and leaves again.
  const kinds = [
    async () => note(await registerDeal(), 'DEAL_REGISTERED'),
    async () => {
      const approved = note(await changeDeal(WHO.manager, 'dealApprove', note(await registerDeal(), 'DEAL_REGISTERED')), 'DEAL_APPROVED');
      await rest();
      note(await changeDeal(WHO.auroraSales, 'dealMoveStage', approved, { stage: 'proposal' }), 'DEAL_STAGE_MOVED');
    },
    async () => {
      const deal = note(await registerDeal(), 'DEAL_REGISTERED');
      await rest();
      note(await changeDeal(WHO.auroraSales, 'dealWithdraw', deal, { reason: 'The budget went elsewhere.' }), 'DEAL_WITHDRAWN');
    },
    async () => {
      const deal = note(await registerDeal(), 'DEAL_REGISTERED');
      await rest();
      note(await changeDeal(WHO.manager, 'dealReject', deal, { reason: 'The customer buys directly.' }), 'DEAL_REJECTED');
    },
  ];
  const working = (async () => {
    for (let turn = 0; !isOver; turn += 1) {
      await kinds[turn % kinds.length]();
      await rest();
    }
  })();
  /** Ends after the change that is under way. */
  work.stop = async () => {
    isOver = true;
    await working;
    return work;
  };
  return work;
}
