#!/usr/bin/env python3
"""Compares every figure of the reports with the same figure computed from the CSV files of a CRM, by nothing but this script.

The files are imported first (`entente import crm --dir FOLDER --alias ...`); then

    check_reports.py FOLDER URL --email E --password P [--alias 'product:GTXPro=GTX Pro'] [--from D] [--to D] [--imported-on D]

asks URL/graphql for the report over imported deals, prints both figures side by side, and ends with 1 when one differs. Standard
library only. Rows that the import refused must not be in the files.
"""

import argparse
import collections
import csv
import datetime
import decimal
import io
import json
import statistics
import sys
import time
import urllib.request
import uuid

D = decimal.Decimal
CENT = D("0.01")

FRAGMENTS = {
    "M": "on ReportMetric { value numerator denominator rows { deals(first: 1) { totalCount } } }",
    "P": "on OpenPipeline { count { ...M } value { ...M } }",
    "V": "on ReportMetric { value numerator denominator }",
    "R": "on RegistrationFigures { volume { ...V } approvalRate { ...V } approvalRateOfDecided { ...V } conversion { ...V } conflictRate { ...V } }",
    "G": "on ReportBreakdown { hasMore groups { name figures { ...R } } }",
}


def whole(query):
    """The query with the fragments that it uses, and those that they use."""
    used, seen = query, set()
    while missing := [n for n in FRAGMENTS if f"...{n} " in used and n not in seen]:
        seen.update(missing)
        used += "".join(f"fragment {n} {FRAGMENTS[n]}\n" for n in missing)
    return used


TOTALS = """
query($input: ReportInput) { report(input: $input) { from to timeZone currency
  registrations { volume { ...M } approvalRate { ...M } approvalRateOfDecided { ...M } conversion { ...M } conflictRate { ...M } }
  timeToDecide { median { ...M } }
  closed { winRate { ...M } averageDealSize { ...M } cycleTimeMean { ...M } cycleTimeMedian { ...M } }
  pipeline { ...P } } }
"""
TABLES = """
query($input: ReportInput) { report(input: $input) {
  partners: breakdown(by: PARTNER, first: 100) { ...G }
  territories: breakdown(by: TERRITORY, first: 100) { ...G }
  products: breakdown(by: PRODUCT, first: 100) { ...G } } }
"""
MONTHS = """
query($input: ReportInput) { report(input: $input) { months { month figures { volume { value } conversion { numerator } } } } }
"""
OPEN = """
query($input: ReportInput) { program { stages { name category probability } } report(input: $input) {
  pipelineByStage { stage { name } pipeline { ...P } }
  pipelineByAge { daysFrom daysTo pipeline { count { ...V } value { ...V } } }
  forecast { month forecast { ...V } pipeline { count { ...V } value { ...V } } } } }
"""
START = """
mutation($input: ExportInput!) { exportStart(input: $input) { export { id state rowsTotal } errors { message } } }
"""
EXPORT = "query($id: ID!) { export(id: $id) { state rowsDone rowsTotal failure downloadUrl } }"
SIGN_IN = """
mutation($email: String!, $password: String!) { sessionCreate(input: {email: $email, password: $password}) { accessToken errors { message } } }
"""


class Api:
    def __init__(self, url, email, password):
        self.url, self.token = url.rstrip("/") + "/graphql", None
        session = self.ask(SIGN_IN, email=email, password=password)["sessionCreate"]
        if not session["accessToken"]:
            sys.exit(f"signing in failed: {session['errors']}")
        self.token = session["accessToken"]

    def ask(self, query, **variables):
        headers = {"content-type": "application/json", "accept": "application/json"}
        if self.token:
            headers["authorization"] = "Bearer " + self.token
        body = json.dumps({"query": whole(query), "variables": variables}).encode()
        with urllib.request.urlopen(urllib.request.Request(self.url, body, headers)) as answer:
            answer = json.load(answer)
        if answer.get("errors"):
            sys.exit(json.dumps(answer["errors"], indent=1))
        return answer["data"]


def day(text):
    """A day of the files: month/day/year, or ISO."""
    if not text:
        return None
    return datetime.datetime.strptime(text, "%m/%d/%Y" if "/" in text else "%Y-%m-%d").date()


def read(folder, name):
    with open(f"{folder}/{name}", newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def deals_of(folder, aliases, imported_on):
    """The rows as deals: beginning, end, value, names."""
    means = lambda field, text: aliases.get((field, text.strip()), text.strip())
    prices = {r["product"].strip(): D(r["sales_price"]) for r in read(folder, "products.csv")}
    offices = {means("sales_agent", r["sales_agent"]): means("regional_office", r["regional_office"]) for r in read(folder, "sales_teams.csv")}
    for row in read(folder, "sales_pipeline.csv"):
        stage, product = means("stage", row["deal_stage"]), means("product", row["product"])
        closed, agent = day(row["close_date"]), means("sales_agent", row["sales_agent"])
        is_open = stage not in ("Won", "Lost")
        yield {
            "stage": stage,
            "open": is_open,
            "partner": agent,
            "territory": offices.get(agent),
            "product": product,
            "value": D(row["close_value"]) if row["close_value"] else prices[product],
            "began": day(row["engage_date"]) or (None if is_open else closed) or imported_on,
            "closed": None if is_open else closed,
            "expected": closed if is_open else None,
        }


def share(part, whole):
    return (D(part) * 100 / D(whole)).quantize(CENT) if whole else None


def same(ours, theirs):
    if ours is None or theirs is None:
        return ours is None and theirs is None
    return D(ours) == D(theirs)


class Check:
    def __init__(self):
        self.done = self.wrong = 0

    def __call__(self, what, from_files, from_api, quiet=False):
        fine = same(from_files, from_api)
        self.done += 1
        self.wrong += not fine
        if not fine or not quiet:
            print(f"{'ok ' if fine else 'NOT'} {what}: files {from_files}, report {from_api}")

    def metric(self, what, value, numerator, metric, rows=None, quiet=False):
        self(what, value, metric["value"], quiet)
        if numerator is not None:
            self(what + ", numerator", numerator, metric["numerator"], True)
        if rows is not None:
            self(what + ", rows opened", rows, metric["rows"]["deals"]["totalCount"], True)


def figures(check, name, rows, found):
    """The five figures of some registrations: what is imported was approved elsewhere and never flagged."""
    n, won = len(rows), sum(r["stage"] == "Won" for r in rows)
    check(f"{name}: volume", n, found["volume"]["value"], True)
    check(f"{name}: approved", n, found["approvalRate"]["numerator"], True)
    check(f"{name}: approval rate", share(n, n), found["approvalRate"]["value"], True)
    check(f"{name}: approval rate of decided", share(n, n), found["approvalRateOfDecided"]["value"], True)
    check(f"{name}: won", won, found["conversion"]["numerator"], True)
    check(f"{name}: conversion", share(won, n), found["conversion"]["value"], True)
    check(f"{name}: conflict rate", share(0, n), found["conflictRate"]["value"], True)


def grouped(rows, key):
    groups = collections.defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return groups


def compare(check, api, deals, options):
    given = {"from": str(options.first), "to": str(options.last), "sources": ["IMPORTED"]}
    within = lambda d: d is not None and options.first <= d <= options.last
    submitted = [r for r in deals if within(r["began"])]
    closed = [r for r in deals if within(r["closed"])]
    won, opened = [r for r in closed if r["stage"] == "Won"], [r for r in deals if r["open"]]
    days = [(r["closed"] - r["began"]).days for r in won]

    found = api.ask(TOTALS, input=given)["report"]
    print(f"period {found['from']} to {found['to']} ({found['timeZone']}), {found['currency']}")
    r, n, s = found["registrations"], len(submitted), sum(x["stage"] == "Won" for x in submitted)
    check.metric("registrations submitted", n, n, r["volume"], n)
    check.metric("approval rate", share(n, n), n, r["approvalRate"], n)
    check.metric("approval rate of decided", share(n, n), n, r["approvalRateOfDecided"], n)
    check.metric("conversion", share(s, n), s, r["conversion"], s)
    check.metric("conflict rate", share(0, n), 0, r["conflictRate"], 0)
    check("median time to decide (nothing imported was decided here)", None, found["timeToDecide"]["median"]["value"])
    c, value = found["closed"], sum((x["value"] for x in won), D(0))
    check.metric("win rate", share(len(won), len(closed)), len(won), c["winRate"], len(won))
    check("win rate, denominator", len(closed), c["winRate"]["denominator"])
    check.metric("average deal size", (value / len(won)).quantize(CENT) if won else None, value, c["averageDealSize"], len(won))
    check.metric("mean cycle in days", (D(sum(days)) / len(days)).quantize(CENT) if days else None, sum(days), c["cycleTimeMean"], len(won))
    check.metric("median cycle in days", D(statistics.median(days)) if days else None, None, c["cycleTimeMedian"], len(won))
    worth = sum((x["value"] for x in opened), D(0))
    check.metric("open deals", len(opened), len(opened), found["pipeline"]["count"], len(opened))
    check.metric("open value", worth, worth, found["pipeline"]["value"], len(opened))

    tables = api.ask(TABLES, input=given)["report"]
    for plural, key in (("partners", "partner"), ("territories", "territory"), ("products", "product")):
        wanted, groups = grouped(submitted, lambda x: x[key]), tables[plural]["groups"]
        check(f"{plural} in the report", len(wanted), len(groups))
        for group in groups:
            figures(check, f"{key} {group['name']}", wanted.get(group["name"], []), group["figures"])
    months = api.ask(MONTHS, input=given)["report"]["months"]
    wanted = grouped(submitted, lambda x: str(x["began"])[:7])
    check("registrations in all months", n, sum(int(m["figures"]["volume"]["value"]) for m in months))
    for month in months:
        rows = wanted.get(month["month"], [])
        check(f"{month['month']}: volume", len(rows), month["figures"]["volume"]["value"], True)
        check(f"{month['month']}: won", sum(x["stage"] == "Won" for x in rows), month["figures"]["conversion"]["numerator"], True)

    answer = api.ask(OPEN, input=given)
    chances = {s["name"]: s["probability"] for s in answer["program"]["stages"]}
    for entry in answer["report"]["pipelineByStage"]:
        rows = [x for x in opened if x["stage"] == entry["stage"]["name"]]
        check.metric(f"open in {entry['stage']['name']}", len(rows), len(rows), entry["pipeline"]["count"], len(rows))
        check(f"open in {entry['stage']['name']}, value", sum((x["value"] for x in rows), D(0)), entry["pipeline"]["value"]["value"])
    for entry in answer["report"]["pipelineByAge"]:
        low, high = entry["daysFrom"], entry["daysTo"]
        rows = [x for x in opened if low <= (options.today - x["began"]).days and (high is None or (options.today - x["began"]).days <= high)]
        check(f"open {low} to {high} days", len(rows), entry["pipeline"]["count"]["value"])
        check(f"open {low} to {high} days, value", sum((x["value"] for x in rows), D(0)), entry["pipeline"]["value"]["value"])
    wanted = grouped(opened, lambda x: str(x["expected"])[:7] if x["expected"] else None)
    check("months of the forecast", len(wanted), len(answer["report"]["forecast"]))
    for entry in answer["report"]["forecast"]:
        rows = wanted.get(entry["month"], [])
        expected = sum((x["value"] * chances[x["stage"]] / 100 for x in rows), D(0)).quantize(CENT)
        check(f"forecast {entry['month']}", expected, entry["forecast"]["value"])
        check(f"forecast {entry['month']}, deals", len(rows), entry["pipeline"]["count"]["value"])


def export(check, api, deals):
    """The same deals as a file: how many, and what they are worth."""
    given = {"kind": "DEALS", "deals": {"sources": ["IMPORTED"]}, "idempotencyKey": str(uuid.uuid4())}
    began = time.monotonic()
    started = api.ask(START, input=given)["exportStart"]
    if started["errors"]:
        sys.exit(started["errors"])
    while True:
        found = api.ask(EXPORT, id=started["export"]["id"])["export"]
        if found["state"] in ("DONE", "FAILED"):
            break
        time.sleep(0.2)
    check("rows of the export", len(deals), found["rowsTotal"])
    with urllib.request.urlopen(found["downloadUrl"]) as file:
        rows = list(csv.DictReader(io.TextIOWrapper(file, "utf-8", newline="")))
    print(f"    exported in {time.monotonic() - began:.1f} s")
    check("rows in the file", len(deals), len(rows))
    check("value in the file", sum((x["value"] for x in deals), D(0)), sum((D(x["base_value"]) for x in rows), D(0)))
    check("won in the file", sum(x["stage"] == "Won" for x in deals), sum(x["stage_category"] == "WON" for x in rows))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder")
    parser.add_argument("url")
    parser.add_argument("--email", required=True)
    parser.add_argument("--password", required=True)
    parser.add_argument("--alias", action="append", default=[])
    parser.add_argument("--from", dest="first", type=datetime.date.fromisoformat, default=datetime.date(2016, 1, 1))
    parser.add_argument("--to", dest="last", type=datetime.date.fromisoformat)
    parser.add_argument("--imported-on", type=datetime.date.fromisoformat)
    options = parser.parse_args()
    decimal.getcontext().rounding = decimal.ROUND_HALF_EVEN
    api = Api(options.url, options.email, options.password)
    options.today = datetime.date.fromisoformat(api.ask("{ report { to } }")["report"]["to"])
    options.last = options.last or options.today
    aliases = {}
    for alias in options.alias:
        field, rest = alias.split(":", 1)
        aliases[(field, rest.split("=", 1)[0])] = rest.split("=", 1)[1]
    deals = list(deals_of(options.folder, aliases, options.imported_on or options.today))
    check = Check()
    compare(check, api, deals, options)
    export(check, api, deals)
    print(f"{check.done} figures compared, {check.wrong} differ")
    sys.exit(1 if check.wrong else 0)


if __name__ == "__main__":
    main()
