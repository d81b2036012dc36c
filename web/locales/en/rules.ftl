# The program's rules: the page for everybody, and the administrator's.
rules-title = Rules of the program
rules-lead = What makes a registration valid, by when the vendor decides, and how long an approval protects. The same data decides on every registration.
rules-none = There are no rules yet
rules-none-text = They appear here once the program has them.
rules-in-force = In force
rules-since = Version { $number }, since { $day }
rules-announced = From { $day }
rules-version = Version { $number }
rules-changed = new
rules-engagement = Rules of engagement

rules-part-valid = What a registration must be
rules-part-decision = By when the vendor decides
rules-part-protection = How long an approval protects
rules-part-change = How these rules change

rules-say-minimum = The deal is worth at least { $minimum }.
rules-say-close-ahead = The expected close date is today or later.
rules-say-close-near = The deal is expected to close within { $days } days.
rules-say-products = Only these products can be registered: { $names }.
rules-say-products-all = Every product of the program can be registered.
rules-say-territories = Only partners of these territories register: { $names }.
rules-say-territories-all = Partners of every territory register.
rules-say-contact = A contact at the customer is named.
rules-say-description = The description has at least { $n } characters.
rules-say-engagement = An administrator of the partner has accepted the rules of engagement.
rules-say-decision = The vendor decides within { $hours } business hours.
rules-say-decision-from = { $name }: from { $from } on, the vendor decides within { $hours } business hours.
rules-say-decision-else = In all other cases the vendor decides within { $hours } business hours.
rules-say-hours = Business hours are { $opens } to { $closes } on { $days } ({ $zone }).
rules-say-holidays = Nobody works on { $days }.
rules-say-holds = One approved registration at a time holds a customer and a product; while it is protected, nobody else can register them.
rules-say-protection = An approval protects the deal for { $days } days.
rules-say-protection-tier = An approval protects a deal of a { $tier } partner for { $days } days.
rules-say-protection-line = An approval protects a deal with { $line } for { $days } days.
rules-say-protection-both = An approval protects a deal of a { $tier } partner with { $line } for { $days } days.
rules-say-protection-else = In all other cases an approval protects for { $days } days.
rules-say-notice = { $days ->
    [one] Changes are announced at least one day before they begin, and never change what has been decided.
   *[other] Changes are announced at least { $days } days before they begin, and never change what has been decided.
}

rules-accept-title = Your company has not accepted the rules of engagement
rules-accept-text = Read them below. Until they are accepted, your company cannot register deals.
rules-accept-ask = Until an administrator of your company accepts them, it cannot register deals.
rules-accept = Accept for my company
rules-accept-done = Accepted. Your company can register deals.
rules-accept-stale = The rules have changed meanwhile. Reload and read them again.
rules-accepted = { $name } accepted the rules of engagement for your company on { $day }.

rules-day-mon = Monday
rules-day-tue = Tuesday
rules-day-wed = Wednesday
rules-day-thu = Thursday
rules-day-fri = Friday
rules-day-sat = Saturday
rules-day-sun = Sunday

rules-admin-lead = Every change is a new version with a day on which it begins. Deals keep the version that they were judged under.
rules-versions = Versions
rules-version-column = Version
rules-state = State
rules-state-in-force = In force
rules-state-announced = Announced
rules-state-superseded = Superseded
rules-state-withdrawn = Withdrawn
rules-effective = Begins on
rules-effective-required = Say on which day it begins.
rules-proposed = Proposed
rules-note = Why
rules-note-hint = Everybody reads it beside the rules.
rules-reason = Reason
rules-withdraw = Withdraw
rules-withdraw-named = Withdraw version { $number }
rules-withdraw-text = The rules before it stay in force. Its number is not given again.
rules-withdrawn = Version { $number } is withdrawn.

rules-draft = Draft of the next version
rules-draft-lead = It starts from what version { $number } says. Nothing happens until you propose it.
rules-refused = This cannot be proposed yet
rules-try = Try on last year’s registrations
rules-propose = Propose …
rules-reset = Undo all changes
rules-propose-title = Propose this version
rules-propose-text = It is announced at once, to everybody, and judges every registration from its day on.
rules-propose-confirm = Propose and announce
rules-propose-done = Version { $number } is announced for { $day }.
rules-earliest = { $day } at the earliest, by the notice that the rules in force ask for.
rules-refused-past = The day must lie ahead: rules never change backwards.
rules-refused-notice = The day lies within the notice that the rules in force ask for.
rules-refused-taken = Another version begins on that day; withdraw it first.
rules-refused-before = A later version is announced; withdraw it first.
rules-refused-calendar = There must be a working day, and every day must close after it opens.
rules-refused-zone = There is no such time zone; write it as Europe/Berlin.
rules-refused-unreachable = An exception can never count, because an earlier one fits everything that it fits.
rules-refused-begun = Only a version that has not begun can be withdrawn.
rules-wrong-number = Enter a whole number.
rules-wrong-holiday = “{ $line }” does not begin with a date as 2026-12-25.

rules-field-minimum = Minimum value in { $currency }
rules-field-close = Close within days
rules-field-description = Description, characters
rules-field-contact = A contact at the customer must be named
rules-field-optional = Empty: no limit.
rules-field-zero = 0: not required.
rules-field-products = Products that can be registered
rules-field-territories = Territories whose partners register
rules-field-all = None chosen: all of them.
rules-field-only = Only those chosen.
rules-field-engagement-hint = A partner’s administrator must accept this text before the partner registers. Empty: nothing to accept.
rules-field-protection = Days of protection
rules-field-decision = Business hours to decide
rules-field-tier = Tier
rules-field-line = Product line
rules-field-any = Any
rules-field-days = Days
rules-field-name = Priority
rules-field-from = From value in { $currency }
rules-field-hours = Business hours
rules-field-notice = Days of notice
rules-field-notice-hint = For the version after this one.
rules-field-calendar = Calendar
rules-field-zone = Time zone
rules-field-zone-hint = As Europe/Berlin.
rules-field-opens = { $day }, opens
rules-field-closes = { $day }, closes
rules-field-holidays = Holidays
rules-field-holidays-hint = One a line: 2026-12-25 Christmas Day
rules-override = Exception { $n }
rules-remove = Remove exception { $n }
rules-add-protection = Add an exception by tier or line
rules-add-decision = Add a priority by value

rules-trial = What it would have changed
rules-tried = Of { $judged } registrations of the last 365 days, { $refused } would have been refused, and { $terms } would have had another deadline or protection.
rules-tried-approved = { $n ->
    [one] One of the refused is approved today.
   *[other] { $n } of the refused are approved today.
}
rules-tried-capped = There were more; only the first { $n } were tried.
rules-trial-rows = Registrations that would have been decided otherwise
rules-trial-deal = Registration
rules-trial-partner = Partner
rules-trial-today = Today
rules-trial-draft = Under the draft
rules-trial-more = The first { $n } are shown.
rules-trial-refused = Refused: { $rules }
rules-trial-hours = Decision within { $after } instead of { $before } business hours.
rules-trial-days = Protection for { $after } instead of { $before } days.
rules-rule-minimum = minimum value
rules-rule-products = products
rules-rule-territory = territory
rules-rule-contact = contact
rules-rule-description = description
rules-rule-close = close date
