//! Protection has a timer as long as it lasts, and each timer fires once.

use entente_domain::event::EventKind;
use entente_store::Committed;

use crate::support::*;

#[test]
fn two_claimers_share_the_timers_and_none_fires_twice() {
    with_store(|f| async move {
        let mut decisions: Vec<_> = (1..=40).map(|n| insert(&deal(n))).collect();
        for d in &mut decisions {
            d.deal.protected_until = Some(minutes(10));
        }
        assert_eq!(f.store.insert_deals(&decisions).await.unwrap(), Committed::Done);
        assert_eq!(f.store.claim_timer("a", minutes(9), 60_000).await.unwrap(), None);
        let claimers = ["a", "b", "c", "d"].map(|holder| {
            let store = f.store.clone();
            tokio::spawn(async move {
                let mut mine = Vec::new();
                while let Some(timer) = store.claim_timer(holder, minutes(11), 60_000).await.unwrap() {
                    assert_eq!((timer.attempts, timer.due_at), (1, minutes(10)));
                    mine.push(timer);
                }
                mine
            })
        });
        let fired: Vec<_> = futures::future::try_join_all(claimers).await.unwrap().into_iter().flatten().collect();
        let mut deals: Vec<_> = fired.iter().map(|t| t.subject.clone()).collect();
        deals.sort();
        assert_eq!(deals, (1..=40).map(|n| deal_id(n).to_string()).collect::<Vec<_>>());
        for timer in &fired[1..] {
            f.store.finish_timer(timer).await.unwrap();
        }
        // The one that was not finished comes again when its lease is over.
        assert_eq!(f.store.claim_timer("b", minutes(11), 60_000).await.unwrap(), None);
        let again = f.store.claim_timer("b", minutes(13), 60_000).await.unwrap().unwrap();
        assert_eq!((&again.subject, again.attempts), (&fired[0].subject, 2));
        f.store.finish_timer(&again).await.unwrap();
        assert_eq!(f.store.claim_timer("b", minutes(99), 60_000).await.unwrap(), None);
    });
}

#[test]
fn a_timer_follows_the_protection() {
    with_store(|f| async move {
        let d = deal(1);
        f.store.commit(&[insert(&d)], None).await.unwrap();
        let approved = approve(&d, minutes(10));
        f.store.commit(std::slice::from_ref(&approved), None).await.unwrap();
        let timer = f.store.claim_timer("a", minutes(10), 60_000).await.unwrap().unwrap();
        // A change that leaves the protection alone leaves the lease alone.
        let edited = change(&approved.deal, EventKind::DealUpdated, |d| d.title = "x".into());
        f.store.commit(std::slice::from_ref(&edited), None).await.unwrap();
        assert_eq!(f.store.claim_timer("b", minutes(10), 60_000).await.unwrap(), None);
        // A longer protection sets the timer anew; finishing the old one does not remove it.
        let longer = change(&edited.deal, EventKind::DealUpdated, |d| d.protected_until = Some(minutes(50)));
        f.store.commit(std::slice::from_ref(&longer), None).await.unwrap();
        f.store.finish_timer(&timer).await.unwrap();
        assert_eq!(f.store.claim_timer("b", minutes(49), 60_000).await.unwrap(), None);
        let timer = f.store.claim_timer("b", minutes(50), 60_000).await.unwrap().unwrap();
        assert_eq!((timer.due_at, timer.attempts), (minutes(50), 1));
        // No protection, no timer.
        f.store.commit(&[change(&longer.deal, EventKind::DealWithdrawn, |d| d.protected_until = None)], None).await.unwrap();
        assert_eq!(f.store.claim_timer("b", minutes(99), 60_000).await.unwrap(), None);
    });
}
