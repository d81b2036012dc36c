# The vendor's own record, and the vendor's clock on a deal.
record-title = How fast we decide
record-lead = Our own record over the last { $n } days. Hours are business hours; time in which you owed us an answer does not count.
record-median = Median time to decide
record-hours = { $n } h
record-percent = { $n } %
record-of = { $part } of { $whole }
record-of-decisions = { $n ->
    [one] { $n } decision
   *[other] { $n } decisions
}
record-within = Within the deadline
record-breaches = Missed deadlines
record-reasoned = Rejections with a reason
record-reasons = Reasons given
record-quarters = By quarter
record-quarter = Quarter
record-decided = Decided
record-reason-taken = Another registration or a sale of ours stands in the way
record-reason-evidence = Evidence is missing
record-reason-rule = A rule of the program is not met
record-reason-customer = The customer does not fit
record-reason-incomplete = Something is wrong or missing
record-reason-other = Another reason
record-reason-kind = Kind of reason
record-reason-kind-hint = Counted in our record, which partners see.
record-reason-none = No kind
record-clock = Our clock
record-clock-on-time = On time
record-clock-at-risk = At risk
record-clock-breached = Deadline missed
record-clock-escalated = Escalated
record-clock-paused = stands still, { $n } business hours left
record-clock-risk-at = At risk from
record-clock-escalates-at = Goes to the next person
record-clock-warned = Came to be at risk
record-clock-missed = Deadline missed
record-clock-handed = Went to the next person
record-due-seen = due { $due }, seen { $seen }
record-event-at-risk = The deadline is near
record-event-missed = The deadline was missed
record-event-escalated = Late, so it goes to the next person
record-field-warn = At risk after, in per cent of the time
record-field-escalate = Business hours after the deadline until it goes to the next person
record-field-escalate-hint = Empty leaves it with whoever has it.
record-say-warn = When { $percent } % of that time is used, the decision counts as at risk; the partner sees it.
record-say-escalate = A decision that is still owed { $hours } business hours after its deadline goes to the next person.
record-due = due { $due }
