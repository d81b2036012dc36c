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
pipeline-move = Move { $name } to another stage
pipeline-move-title = Move to stage
pipeline-move-from = now in { $stage }
pipeline-col-deal = Deal
pipeline-col-clock = Clock
pipeline-col-changed = Changed
pipeline-changed-live = { $name }: { $what }. Stage { $stage }.
