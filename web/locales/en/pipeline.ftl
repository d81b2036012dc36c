# The pipeline and the approval queue.
pipeline-lead-partner = Your deals by stage. They move the moment somebody moves them.
pipeline-lead-vendor = Every partner’s deals by stage. They move the moment somebody moves them.
pipeline-view = View
pipeline-board = Board
pipeline-table = Table
pipeline-search = Search title, number, customer
pipeline-stage = Stage
pipeline-stage-choice = { $stage }: { $n ->
    [one] { $n } deal
   *[other] { $n } deals
  }, { $value }
pipeline-by-stage = Totals by stage
pipeline-board-help = Arrow keys go from card to card, M moves a card, Enter opens it.
pipeline-every-status = All, also closed registrations
pipeline-mine = My deals
pipeline-chip-search = “{ $text }”
pipeline-column-empty = No deals here
pipeline-empty = No deal fits
pipeline-empty-text = Take a filter away, or search for something else.
pipeline-none = No deals yet
pipeline-none-text = The first registration appears here the moment it is sent.
pipeline-move = Move { $name } to another stage
pipeline-move-title = Move to stage
pipeline-move-from = now in { $stage }
pipeline-col-deal = Deal
pipeline-col-clock = Clock
pipeline-col-changed = Changed
pipeline-changed-live = { $name }: { $what }. Stage { $stage }.

queue-lead = What waits for your decision, the nearest deadline first.
queue-desk = Whose desk
queue-desk-mine = My desk
queue-desk-everyone = Everyone
queue-overdue = Overdue
queue-today = Due today
queue-later = Later
queue-answered = Answered
queue-open = Open the deal
queue-empty = The queue is empty
queue-empty-text = Every registration has its answer. New ones appear here the moment a partner sends them.
queue-see-everyone = See everyone’s
queue-to-pipeline = See the pipeline
queue-changed-live = { $name }: { $what }
queue-keys = Keys of the queue
queue-key-next = Next registration
queue-key-previous = Previous registration
queue-key-open = Open the deal
queue-key-approve = Approve
queue-key-reject = Reject
queue-key-ask = Ask the partner
queue-key-send = Send what you typed in a dialog
