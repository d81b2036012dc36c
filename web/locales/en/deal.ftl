# Deals: their own page, decisions, verdicts, registering.
deal-standing-waiting-vendor = Waiting for the vendor until { $date }
deal-standing-waiting-vendor-open = Waiting for the vendor
deal-standing-decision-due = Your decision is due by { $date }
deal-standing-decision-open = Waiting for your decision
deal-standing-needs-answer = Needs your answer
deal-standing-waiting-partner = Waiting for the partner’s answer
deal-standing-registered-until = Registered until { $date }
deal-standing-unprotected = Registered, without protection
deal-standing-still = Registered; protection stands still, { $days ->
    [one] { $days } day left
   *[other] { $days } days left
  }, waiting for the vendor
deal-standing-still-vendor = Registered; protection stands still, { $days ->
    [one] { $days } day left
   *[other] { $days } days left
  }, waiting for your answer
deal-standing-won = Won on { $date }
deal-standing-lost = Lost on { $date }
deal-standing-unavailable = Unavailable
deal-standing-withdrawn = Withdrawn
deal-standing-expired = Expired
deal-standing-released = Released

deal-event-registered = Registered the deal
deal-event-imported = Imported the deal
deal-event-approved = Approved the registration
deal-event-rejected = Rejected the registration
deal-event-asked = Asked for information
deal-event-answered = Answered the question
deal-event-withdrawn = Withdrew the registration
deal-event-moved = Moved the stage
deal-event-note = Wrote a note
deal-event-updated = Changed the deal
deal-event-expired = Protection ran out

deal-field-status = Status
deal-field-stage = Stage
deal-field-title = Title
deal-field-next-step = Next step
deal-field-close = Close date
deal-field-protected = Protected until
deal-change-before = before:
deal-change-after = after:

deal-verdict-title = Verdict
deal-verdict-clear = Clear
deal-verdict-conflict = Possible conflict
deal-verdict-blocked = Blocked
deal-advice-clear = Nothing stands in the way of approving it.
deal-advice-conflict = Look closely before you decide; ask the partner if something is missing.
deal-advice-blocked = Another approved registration holds this customer and product; approving will be refused until its protection ends.
deal-rule-passed = Passed:
deal-rule-failed = Not passed:
deal-rule-protected-ok = The customer is free for these products.
deal-rule-protected-no = This customer is protected for at least one of these products. It can be registered again when the protection ends. If you have worked with the customer before, ask your channel manager to review it.
deal-rule-own-ok = Your company has not registered this before.
deal-rule-own-no = Your company already has an open registration for this customer and product. Work on that one instead.
deal-rule-other-ok = No similar registration is waiting.
deal-rule-other-no = A similar registration exists, so the vendor will look closely. Say in the next step what you have done with the customer; it helps the decision.
deal-rule-protected-no-vendor = Another approved registration protects this customer for at least one of these products.
deal-rule-own-ok-vendor = The partner has not registered this before.
deal-rule-own-no-vendor = The partner already has an open registration for this customer and product.
deal-rule-other-no-vendor = Another partner’s registration for the same waits, or a customer of the same name is protected. Look closely.
deal-rule-minimum-ok = The value reaches the minimum.
deal-rule-close-ok = The close date lies ahead.
deal-rule-products-ok = Every product belongs to the program.

deal-refused-not-found = This deal is not there any more, or not yours to see.
deal-refused-not-allowed = Your role does not allow this. Ask an administrator of your company.
deal-refused-stale = The deal changed while you were looking. What you see now is the newest state; try again.
deal-refused-status = The deal’s status no longer allows this.
deal-refused-claim = Another approved registration holds this customer and product until its protection ends.
deal-refused-stage = The deal cannot move to this stage.
deal-refused-required = Fill this in.
deal-refused-too-long = This is too long.
deal-refused-close-date = The close date must be today or later.
deal-changed-meanwhile = The deal changed while this was open
deal-changed-meanwhile-text = It stands like this now: { $standing }. What you typed is kept; send it again if it still holds.
deal-changed-meanwhile-edit = What you typed is kept. Saving changes only the fields that you changed.
deal-changed-live = { $what } ({ $who })

deal-approve = Approve
deal-approve-title = Approve the registration
deal-approve-lead = { $partner } may work { $customer }, and nobody else can win approval for these products while the protection runs.
deal-approve-note = Note to the partner (optional)
deal-approve-done = Approved: { $name }
deal-approve-step-title = Approve this step
deal-approve-step-lead = Passes on to { $next }. The registration is approved with the last step, and protected from then on.
deal-approve-step-note = Note for the next approver (internal)
deal-approve-step-done = Step approved: { $name }
deal-reject = Reject
deal-reject-title = Reject the registration
deal-reject-lead = The partner reads the reason. It should say what would have made the difference.
deal-reject-reason = Reason
deal-reject-hint = Name no other partner.
deal-reject-done = Rejected: { $name }
deal-ask = Ask
deal-ask-title = Ask for information
deal-ask-lead = Your clock stands still until { $partner } answers.
deal-ask-question = Question
deal-ask-hint = One clear question is answered faster than three.
deal-ask-submit = Send the question
deal-ask-done = Question sent: { $name }
deal-answer = Answer
deal-answer-now = Answer now
deal-answer-title = Answer the question
deal-answer-lead = The vendor’s clock goes on as soon as you answer.
deal-answer-text = Answer
deal-answer-submit = Send the answer
deal-answer-done = Answer sent: { $name }
deal-withdraw = Withdraw
deal-withdraw-title = Withdraw the registration?
deal-withdraw-lead = The customer becomes free for others at once. You can register it again if it is still free then.
deal-withdraw-reason = Reason (optional)
deal-withdraw-done = Withdrawn: { $name }
deal-close-title = Move to { $stage }?
deal-close-lead = This ends the sale and gives the protection free. It cannot be moved back.
deal-close-note = Note (optional)
deal-close-submit = Move to { $stage }
deal-moved = { $name } is now in { $stage }
deal-moved-stale = { $name } was changed by somebody else meanwhile. It now shows the newest state; move it again if you still want to.
deal-undo = Undo
deal-edit = Edit
deal-edit-title = Edit the deal
deal-more = More
deal-move-to = Move to { $stage }
deal-stage-path = Stages of the sale
deal-question-for-you = The vendor asks
deal-question-open = Open question to the partner

deal-facts = Facts
deal-fact-customer = Customer
deal-fact-value = Value
deal-fact-products = Products
deal-fact-partner = Partner
deal-fact-manager = Channel manager
deal-fact-registered-by = Registered by
deal-fact-territory = Territory
deal-source-imported = Imported
deal-fact-lead = Origin
deal-from-lead = From lead { $number }
deal-fact-marketing = Marketing source
deal-source-kit = kit { $kit }
deal-clocks = Clocks
deal-clock-due = Decision due
deal-clock-protected = Protected until
deal-clock-still = Stands still, { $days ->
    [one] { $days } day left
   *[other] { $days } days left
  }
deal-clock-decided = Decided
deal-clock-created = Registered
deal-clock-updated = Last change
deal-clock-zone = Times in your time zone, { $zone }

deal-next-step-none = No next step yet.
deal-next-step-edit = Edit the next step
deal-timeline = Timeline
deal-timeline-more = Show earlier entries
deal-note-add = Add a note
deal-note-placeholder = Seen by both sides
deal-note-placeholder-internal = Seen by the vendor only
deal-note-visibility = Who sees the note
deal-note-shared = Shared
deal-note-internal = Internal
deal-note-submit = Add note
deal-note-done = Note added

register-lead = See at once whether the customer is free, before anything is sent.
register-customer = Customer
register-customer-name = Company name
register-domain = Website or e-mail domain
register-domain-hint = It tells most surely which customer you mean.
register-country = Country
register-country-none = Choose a country
register-deal = Deal
register-products = Products
register-title-hint = What you would call it in your own forecast.
register-currency = Currency
register-amount-read = Read as { $amount }
register-list-price = List price of the chosen products: { $amount }.
register-list-price-take = Use it as value
register-next-step-hint = What you have done with the customer, and what comes next.
register-partner-hint = The deal belongs to this partner.
register-submit = Register the deal
register-discard = Discard draft
register-discarded = Draft discarded
register-restored = This is the draft you left here. It is kept in this browser until you register or discard it.
register-done = Registered as { $number }
register-blocked-said = Blocked. Nothing was registered, your draft is kept. The verdict says what you can do.
register-key-reused = A registration was already sent from this form, with other content. Look into your pipeline before you send this one as well.
register-verdict-incomplete = Fill in customer, products, title, value and close date. The verdict appears here before you send anything.
register-verdict-said = Verdict: { $outcome }
register-advice-clear = Register it now: the first approved registration is protected.
register-advice-conflict = You can register it; the vendor will look closely.
register-advice-blocked = It cannot be registered now. Your draft is kept.
register-rules = What to expect
register-rule-answer = The vendor answers within { $hours ->
    [one] { $hours } business hour
   *[other] { $hours } business hours
  }.
register-rule-protection = An approved registration is protected for { $days ->
    [one] { $days } day
   *[other] { $days } days
  }.
register-rule-minimum = Deals from { $minimum } on can be registered.
register-wrong-count = { $n ->
    [one] { $n } field needs your attention
   *[other] { $n } fields need your attention
  }
register-wrong-title = Give the deal a title.
register-wrong-customer = Name the customer.
register-wrong-products = Choose at least one product.
register-wrong-products-many = Choose at most { $n } products.
register-wrong-product = This product is not part of the program any more.
register-wrong-amount = Enter the value of the deal.
register-wrong-amount-shape = Enter an amount such as 12500 or 12500.50.
register-wrong-positive = The value must be above zero.
register-wrong-precise = { $n ->
    [0] This currency has no decimals.
    [one] This currency has at most { $n } decimal.
   *[other] This currency has at most { $n } decimals.
  }
register-wrong-minimum = The value must be worth at least { $minimum }.
register-wrong-currency = The program does not take this currency.
register-wrong-close = Say when you expect to close.
register-wrong-close-past = The close date must be today or later.
register-wrong-partner = Choose the partner whose deal it is.
register-wrong-domain = Enter a domain such as example.com, or leave it empty.
register-wrong-country = Choose a country from the list.
register-wrong-shape = This cannot be read.

register-contact = Contact at the customer
register-contact-hint = Who there knows you and this deal.
register-description = Description
register-description-hint = What you have found out and agreed with the customer.
register-description-hint-min = What you have found out and agreed with the customer, in at least { $n } characters.
register-wrong-product-rules = One of these products cannot be registered under the rules in force.
register-wrong-contact = Name a contact at the customer.
register-wrong-description = Say more: at least { $n } characters.
register-wrong-close-far = The deal must be expected to close within { $days } days.
register-wrong-territory = Partners of this territory may not register under the rules in force.
register-wrong-engagement = An administrator of your company must accept the rules of engagement first.
register-rules-all = All rules in plain sentences
deal-rule-products-allowed-ok = Every product may be registered.
deal-rule-territory-ok = The territory may register.
deal-rule-contact-ok = A contact at the customer is named.
deal-rule-description-ok = The description says enough.
deal-rule-close-near-ok = The close date is near enough.
deal-rule-engagement-ok = The rules of engagement are accepted.
