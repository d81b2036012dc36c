# Routing: the table, absences, routes of deals, and the queue's own work.
nav-routing = Routing

routing-event-step-approved = Approved a step
routing-event-rerouted = Handed the registration on

routing-route = Route of the approval
routing-by-rule = Routed by the rule “{ $name }”
routing-covered = { $name } decides while the owner is away.
routing-step-approved = Approved
routing-step-declined = Declined
routing-step-current = Decides now
routing-step-waiting = Waits
routing-step-skipped = Not needed
routing-step-of = Step { $n } of { $of }
routing-hand = Hand on
routing-hand-title = Hand the registration on
routing-hand-to = New owner
routing-hand-reason = Reason
routing-hand-hint = Only the vendor reads it. The partner sees who decides now.
routing-handed = { $name } decides now.
routing-choose = Choose a person
routing-refused-step = Another person decides this step. It waits for them or for who covers for them.
routing-refused-owner = The new owner must be active and may decide registrations.
routing-refused-circular = The new owner has this registration already, or approves another step of it.

routing-lead-admin = Who decides which registration: rules in order, the first that matches wins.
routing-lead-reader = Who decides which registration, and who covers for whom.
routing-none = No table yet
routing-none-text = Every registration goes to the channel manager of its partner. The first table you write changes that.
routing-version = Version { $version }, written by { $name } on { $date }
routing-table = Table
routing-when = When
routing-rules = Rules
routing-rules-lead = From top to bottom; the first rule that matches wins. What is left empty asks for nothing.
routing-rule-n = Rule { $n }
routing-rule-name = Name of the rule
routing-partner-territories = Partner in
routing-customer-territories = Customer in
routing-products = Products
routing-lines = Product lines
routing-tiers = Tier
routing-from = From value in { $currency }
routing-below = Below value in { $currency }
routing-any = Any
routing-steps = Who approves
routing-step-n = Step { $n }
routing-step-name = Name of the step
routing-step-owner = Who
routing-partner-manager = The partner’s channel manager
routing-add-step = Add a step
routing-remove-step = Remove step { $n } of { $name }
routing-shared = The partner sees the names of the steps and how far they are
routing-add-rule = Add a rule
routing-remove-rule = Remove the rule { $name }
routing-up = Move { $name } up
routing-down = Move { $name } down
routing-fallback = Fallback owner
routing-fallback-hint = Gets what no rule matches, and what nobody else can decide.
routing-territories = Where customers are
routing-territories-lead = Countries of each territory, as codes with blanks between them; a country belongs to one territory.
routing-save = Save the table
routing-saved = Version { $version } is in force for new registrations.
routing-reset = Start over
routing-refused = This table cannot be used
routing-behind = Somebody else has saved version { $version } meanwhile
routing-behind-text = What you changed is still here, but cannot be saved over theirs. Start over to see theirs.
routing-refused-stale = Somebody else changed the table since you opened this page. Start over from theirs.
routing-warning = Some rules can never match
routing-warning-row = “{ $rule }” can never match: “{ $behind }” comes first and matches all that it matches.
routing-wrong-circular = The same person approves twice in one rule.
routing-wrong-unable = This person may not decide registrations.
routing-wrong-unknown = Choose a person.
routing-wrong-territory = Not one of the program’s territories.
routing-wrong-country = No such country, or it stands in two territories.
routing-wrong-name = Another rule has this name.
routing-wrong-value = Write an amount; below must be above from.

routing-absences = Who is away
routing-absences-lead = While somebody is away, the cover decides in their place. Covers of covers count too.
routing-absences-none = Nobody is away
routing-absences-none-text = Enter when you are away and who decides meanwhile.
routing-absence-add = Add an absence
routing-absence-edit = Change the absence of { $name }
routing-absence-remove = Remove the absence of { $name }
routing-absence-who = Who
routing-absence-from = First day
routing-absence-until = Last day
routing-absence-cover = Covered by
routing-absence-save = Save
routing-absence-saved = { $cover } decides for { $name } from { $from } to { $until }.
routing-absence-removed = { $name } is there again.
routing-absence-circle = The covers lead back to somebody who is away; choose another person.
routing-absence-overlaps = The person is away then already.
routing-absence-past = The last day has passed.
routing-absence-order = The last day lies before the first, or the absence is too long.
routing-absence-now = Away now

queue-covering = On your desk too, because they are away: { $names }
queue-search = Search title, number or customer
queue-sort = Order
queue-sort-deadline = Nearest deadline
queue-sort-value = Largest value
queue-sort-new = Newest
queue-lead-answers = What partners asked about approved deals. Protection stands still until you answer.
queue-work = What is listed
queue-work-decisions = Decisions
queue-work-answers = Answers owed
queue-sort-longest = Waiting longest
queue-answers-extension = { $who } asked for an extension on { $when }
queue-answers-left = Stands still, days left: { $days }
queue-answers-empty = No partner waits for an answer
queue-answers-empty-text = What partners ask about approved deals, and the extensions they ask for, appears here at once.
queue-answers-not-found = No deal with an answer owed fits the search and the filters.
queue-views = Views
queue-view-default = { $name } (default)
queue-view-save = Save this view …
queue-view-manage = Look after views …
queue-view-name = Name of the view
queue-view-begin = Begin with it
queue-view-not-begin = Do not begin with it
queue-view-keep = Save view
queue-view-saved = The view { $name } is saved.
queue-view-taken = Another view has this name.
queue-view-too-many = You have 50 views; remove one first.
queue-view-rename = Name of the view { $name }
queue-view-take = Take the filters of now
queue-view-remove = Remove the view { $name }
queue-views-none = No views
queue-views-none-text = Filter the queue and save what you see under a name.
queue-select = Select { $name }
queue-selected = { $n ->
    [0] Nothing selected
    [one] { $n } selected
   *[other] { $n } selected
  }
queue-selected-full = At most { $n } are approved at once.
queue-selected-label = Selected registrations
queue-not-selectable = This registration waits for somebody else.
queue-clear = Clear
queue-about-to = About to be approved
queue-approving = { $n ->
    [one] Approving { $n } registration
   *[other] Approving { $n } registrations
  }
queue-approving-said = { $n ->
    [one] Approving { $n } registration in { $seconds } seconds; press U to undo.
   *[other] Approving { $n } registrations in { $seconds } seconds; press U to undo.
  }
queue-seconds = in { $n } s
queue-undo = Undo
queue-undo-label = Approvals that can be undone
queue-undone = Undone; nothing was approved.
queue-send-now = Send now
queue-approved-many = { $n ->
    [one] { $n } registration approved
   *[other] { $n } registrations approved
  }
queue-approved-steps = { $n ->
    [one] { $n } step approved; the next approver has the registration now
   *[other] { $n } steps approved; the next approvers have the registrations now
  }
queue-approved-mixed = Registrations approved: { $n }, steps approved: { $steps }
queue-approved-some = { $n } approved, { $left } not: the rows say why.
queue-gone = { $who }: { $what }
queue-nothing-found = Nothing matches
queue-nothing-found-text = No registration that waits fits the search and the filters.
queue-clear-filters = Clear filters
queue-key-select = Select, or not
queue-key-range = Select a range
queue-key-approve-all = Approve what is selected, or this one
queue-key-undo = Undo the approvals that wait
queue-key-hand = Hand on to somebody else
queue-key-search = Search
queue-key-clear = Clear the selection, leave the search
