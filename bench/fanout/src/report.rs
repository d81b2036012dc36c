//! The tables, as Markdown.

use std::fmt::Write as _;

use entente_bench_common::machine;

use crate::idle;
use crate::rounds::{Plan, Round, Turn, spread};
use crate::soak::{self, Soak};

fn row(text: &mut String, name: &str, decimals: usize, values: impl Iterator<Item = f64>) {
    let (median, low, high) = spread(values);
    let _ = writeln!(text, "| {name} | {median:.decimals$} | {low:.decimals$} to {high:.decimals$} |");
}

/// Machine and load.
pub fn heading() -> String {
    format!("{}; load of the machine at the start {:.1}.", machine::describe(), machine::load())
}

/// P11 and P12.
pub fn fanout(plan: Plan, rounds: &[Round]) -> String {
    let mut text = String::new();
    let load = plan.load;
    let _ = writeln!(
        text,
        "{} subscribers, {} changes a second, {} rounds of {} s after a warm-up. {}.\n",
        load.subscribers,
        load.rate,
        rounds.len(),
        load.seconds,
        rounds.last().map_or("", |round| round.same.as_str())
    );
    text += "| CPU per delivered message, microseconds | median | spread |\n|---|---|---|\n";
    row(&mut text, "Entente, gross (with the writes)", 2, rounds.iter().map(|r| r.entente.window.cpu_us()));
    row(&mut text, "Entente, net of the same writes without subscribers", 2, rounds.iter().map(|r| r.entente.net_us()));
    row(&mut text, "bare WebSocket", 2, rounds.iter().map(|r| r.bare.net_us()));
    row(&mut text, "**Entente net / bare** (P11: at most 1.15)", 3, rounds.iter().map(|r| r.entente.net_us() / r.bare.net_us()));
    row(&mut text, "Entente gross / bare", 3, rounds.iter().map(|r| r.entente.window.cpu_us() / r.bare.net_us()));
    let peers = || rounds.iter().filter_map(|round| round.node.as_ref().map(|node| (&round.entente, node)));
    if let Some((_, node)) = peers().next() {
        row(&mut text, &format!("mercurius, gross, {:.1} changes a second", node.rate), 2, peers().map(|(_, n)| n.window.cpu_us()));
        row(&mut text, "mercurius, net of its writes", 2, peers().map(|(_, n)| n.net_us()));
        row(&mut text, "**Entente net / mercurius net** (P11: at most 0.13)", 3, peers().map(|(e, n)| e.net_us() / n.net_us()));
        row(&mut text, "Entente gross / mercurius gross", 3, peers().map(|(e, n)| e.window.cpu_us() / n.window.cpu_us()));
    }
    text += "\n| a change until the last subscriber has it, milliseconds | median | spread |\n|---|---|---|\n";
    for (name, part) in [("p50", 0.5), ("p95", 0.95), ("p99", 0.99)] {
        row(&mut text, &format!("Entente, from the mutation's answer, {name}"), 1, rounds.iter().map(|r| r.entente.window.last.quantile(part)));
        row(&mut text, &format!("Redis publish to bare sockets, {name}"), 1, rounds.iter().map(|r| r.bare.window.last_since_sent.quantile(part)));
    }
    let p99 = |round: &Round| round.entente.window.last.quantile(0.99) / round.bare.window.last_since_sent.quantile(0.99);
    row(&mut text, "**Entente p99 / bare p99** (P12: at most 1.5)", 2, rounds.iter().map(p99));
    row(&mut text, "Entente, from sending the mutation, p99", 1, rounds.iter().map(|r| r.entente.window.last_since_sent.quantile(0.99)));
    row(&mut text, "Entente, the mutation itself, p50", 1, rounds.iter().map(|r| r.entente.window.answered.quantile(0.5)));
    row(&mut text, "Entente, the mutation itself, p99", 1, rounds.iter().map(|r| r.entente.window.answered.quantile(0.99)));
    for (name, part) in [("p50", 0.5), ("p95", 0.95), ("p99", 0.99)] {
        row(&mut text, &format!("Entente, each single subscriber, {name}"), 1, rounds.iter().map(|r| r.entente.window.each.quantile(part)));
    }
    if peers().next().is_some() {
        row(&mut text, "mercurius at its rate, p99", 1, peers().map(|(_, n)| n.window.last.quantile(0.99)));
    }
    text += "\n| the generator | Entente | bare | mercurius |\n|---|---|---|---|\n";
    let each = |what: &dyn Fn(&Turn) -> f64, decimals: usize| {
        let of = |values: Vec<f64>| if values.is_empty() { "-".to_owned() } else { format!("{:.decimals$}", spread(values.into_iter()).0) };
        let (ours, bare) = (rounds.iter().map(|r| what(&r.entente)).collect(), rounds.iter().map(|r| what(&r.bare)).collect());
        let node = rounds.iter().filter_map(|r| r.node.as_ref()).map(what).collect();
        format!("{} | {} | {}", of(ours), of(bare), of(node))
    };
    let _ = writeln!(text, "| its clock is late, p99, ms | {} |", each(&|t| t.window.lag.quantile(0.99), 1));
    let _ = writeln!(text, "| changes are sent late, p99, ms | {} |", each(&|t| t.window.late.quantile(0.99), 1));
    let _ = writeln!(text, "| part of the load's core that works | {} |", each(&|t| t.window.busy.1, 2));
    let _ = writeln!(text, "| part of the server's core that works | {} |", each(&|t| t.window.busy.0, 2));
    text
}

/// P13.
pub fn idle(rounds: &[idle::Round]) -> String {
    let mut text = String::new();
    let sockets = rounds.first().map_or(0, |round| round.entente.sockets);
    let _ = writeln!(text, "{sockets} sockets, {} rounds, each with new processes.\n", rounds.len());
    text += "| memory per idle subscriber, KiB | median | spread |\n|---|---|---|\n";
    row(&mut text, "Entente", 1, rounds.iter().map(|r| r.entente.each_kib()));
    row(&mut text, "bare WebSocket, the product's buffers", 1, rounds.iter().map(|r| r.bare.each_kib()));
    row(&mut text, "bare WebSocket, the library's buffers", 1, rounds.iter().map(|r| r.bare_default.each_kib()));
    row(&mut text, "**Entente / bare** (P13: at most 1.4)", 2, rounds.iter().map(|r| r.entente.each_kib() / r.bare.each_kib()));
    row(&mut text, "Entente / bare with the library's buffers", 2, rounds.iter().map(|r| r.entente.each_kib() / r.bare_default.each_kib()));
    let nodes = || rounds.iter().filter_map(|round| round.node.map(|node| (round.entente, node)));
    if nodes().next().is_some() {
        row(&mut text, "mercurius", 1, nodes().map(|(_, n)| n.each_kib()));
        row(&mut text, "**Entente / mercurius** (P13: at most 0.15)", 3, nodes().map(|(e, n)| e.each_kib() / n.each_kib()));
    }
    text
}

/// The soak.
pub fn soak(soak: &Soak) -> String {
    let mut text =
        String::from("| minute | memory, MiB | files | sockets | reads/s | p50 / p99, ms | writes/s | messages/s | lines/s | errors | core |\n");
    text += "|---|---|---|---|---|---|---|---|---|---|---|\n";
    for minute in &soak.minutes {
        let _ = writeln!(text, "| {} |", soak::row(minute));
    }
    let mib = |bytes: u64| bytes as f64 / 1_048_576.0;
    let _ = writeln!(
        text,
        "\nBefore the load: {:.1} MiB, {} files. After the last socket: {:.1} MiB, {} files.",
        mib(soak.before.0),
        soak.before.1,
        mib(soak.after.0),
        soak.after.1
    );
    if let Some((memory, files)) = soak.growth() {
        let _ = writeln!(text, "The end against five minutes in: memory {memory:.3}, files {files:.3}.");
    }
    let _ = writeln!(text, "Errors: {}.", soak.errors.values().sum::<u64>());
    for (kind, count) in &soak.errors {
        let _ = writeln!(text, "- {count} x {kind}");
    }
    text
}
