# The directory and a partner's page.
directory-title = Partners
directory-lead = Find the partner that fits: by skill, place, industry or name.
directory-search = Search partners, skills, places
directory-is-partner = Partner
directory-is-search = Search
directory-filters = Filters
directory-filters-n = Filters ({ $n })
directory-clear = Clear filters
directory-show = { $n ->
    [one] Show { $n } partner
   *[other] Show { $n } partners
  }
directory-order = Order
directory-by-relevance = By relevance
directory-by-name = By name
directory-by-tier = By tier
directory-total = { $n ->
    [0] No partner
    [one] { $n } partner
   *[other] { $n } partners
  }
directory-empty = No partner matches
directory-empty-text = Try fewer filters or other words. Typing errors are forgiven.
directory-all = Show all { $n }
directory-fewer = Show fewer
directory-more = +{ $n } more
directory-unpublished = Not published

directory-tier = Tier
directory-type = Type
directory-country = Country
directory-territory = Territory
directory-vertical = Industry
directory-competency = Competencies
directory-language = Languages

directory-back = All partners
directory-about = About
directory-facts = Facts
directory-contact = Contact
directory-since = Partner since
directory-manager = Channel manager
directory-deals = Recent deals
directory-deals-table = Deals that changed last
directory-deals-empty = No deals yet
directory-deal = Deal
directory-deal-status = Status
directory-deal-stage = Stage
directory-deal-value = Value
directory-deal-updated = Changed
directory-visibility = Visibility
directory-published = Published in the directory
directory-published-hint = Anyone can find a published partner, without an account.
directory-now-published = The partner is now in the public directory.
directory-now-hidden = The partner is no longer in the public directory.

directory-edit = Edit profile
directory-stale = Somebody else has changed this profile meanwhile. What you typed is still here; press Save again to apply it to the newer version.
directory-logo = Choose a logo
directory-logo-hint = SVG or PNG, at most 128 KiB
directory-logo-undo = Keep the logo as it was
directory-logo-remove = Remove the logo
directory-logo-removed = The logo will be removed; a generated one takes its place.
directory-logo-type = Choose an SVG or a PNG picture.
directory-logo-size = The picture is larger than 128 KiB. Choose a smaller one.
directory-logo-unreadable = The file could not be read.
directory-logo-unsafe = The picture cannot be used as a logo: { $detail }. Save it again without active or linked content.
directory-too-long = This text is too long. Shorten it.
directory-summary = Summary
directory-summary-hint = One sentence, shown in the directory.
directory-summary-required = Say in one sentence what the firm does.
directory-description = Description
directory-website = Website
directory-website-shape = Enter a whole address that begins with https:// or http://.
directory-city = City
directory-contact-name = Contact
directory-contact-email = E-mail of the contact
directory-contact-phone = Telephone
directory-email-shape = Enter an e-mail address.
directory-color = Brand colour
directory-color-hint = Campaigns with your content take it up.
directory-color-shape = Enter a colour such as #1f4e9c.
directory-choice-empty = No partner matches
directory-changed-live = { $name } was changed just now.
