# Home.
home-morning = Good morning, { $name }
home-day = Hello, { $name }
home-evening = Good evening, { $name }
home-lead-vendor = What needs you, what changed, and where the pipeline stands.
home-lead-partner = { $partner }: what needs you, what changed, and where your deals stand.
home-lead-partner-tier = { $partner }, { $tier } partner: what needs you, what changed, and where your deals stand.

home-lead-tier = { $partner }, { $tier } partner

home-work = What needs you
home-work-empty = Nothing waits for you
home-work-empty-text = Decisions, open questions and clocks that run out appear here the moment they concern you.
home-work-all = Show all { $n }
home-no-customer = No customer
home-changes = What changed
home-changes-empty = No changes yet
home-by-stage = Pipeline by stage

home-tile-attention = Needs you
home-tile-overdue = { $n ->
    [0] none overdue
    [one] { $n } overdue
   *[other] { $n } overdue
  }
home-tile-open = Open pipeline
home-tile-deals = { $n ->
    [one] { $n } deal
   *[other] { $n } deals
  }
home-tile-expected = Expected
home-tile-expected-note = by chance per stage
home-tile-won = Won

home-next = What you can do next
home-next-register = See at once whether the customer is free.
home-next-kits = Campaigns with your logo and contact in them.
home-next-page = Your partner page
home-next-page-text = What customers read about you in the directory.
home-next-partners = Find a partner who complements you.
