# Words that many screens share.
common-loading = Loading
common-close = Close
common-cancel = Cancel
common-save = Save
common-edit = Edit
common-back = Back
common-retry = Try again
common-retry-in = Next attempt in { $seconds ->
    [one] { $seconds } second
   *[other] { $seconds } seconds
  }
common-notifications = Notifications
common-search-hint = Type to search
common-filters-active = Filters in force
common-remove-filter = Remove filter: { $name }
common-clear-filters = Clear all
common-shown-of = { $shown } of { $total }
common-load-more = Show more
common-to-home = To home
common-to-partners = To the directory
common-saved = Saved
common-none = None
common-updated-live = { $name } changed

status-draft = Draft
status-submitted = Submitted
status-in-review = In review
status-info-requested = Question open
status-approved = Approved
status-rejected = Rejected
status-withdrawn = Withdrawn
status-expired = Expired
status-released = Released

role-admin = Administrator
role-channel-manager = Channel manager
role-marketing-manager = Marketing manager
role-sales = Sales
role-finance = Finance
role-partner-admin = Partner administrator
role-partner-sales = Partner sales
role-partner-technical = Partner engineer
role-partner-marketing = Partner marketing
role-integration = Integration

attention-decision-due = Decision due
attention-answer-owed = Answer owed
attention-protection-ending = Protection ends
attention-close-date-passed = Close date has passed
attention-partner-waits = The partner waits for an answer

asset-email = E-mail
asset-landing-page = Landing page
asset-social-post = Social post
asset-document = Document
asset-banner = Banner
asset-presentation = Presentation
asset-file = File
