# Die Pipeline und die Freigaben.
pipeline-lead-partner = Ihre Deals nach Phase. Sie bewegen sich, sobald jemand sie verschiebt.
pipeline-lead-vendor = Die Deals aller Partner nach Phase. Sie bewegen sich, sobald jemand sie verschiebt.
pipeline-view = Ansicht
pipeline-board = Board
pipeline-table = Tabelle
pipeline-search = Titel, Nummer, Kunde suchen
pipeline-stage = Phase
pipeline-stage-choice = { $stage }: { $n ->
    [one] { $n } Deal
   *[other] { $n } Deals
  }, { $value }
pipeline-by-stage = Summen nach Phase
pipeline-board-help = Pfeiltasten gehen von Karte zu Karte, M verschiebt eine Karte, Enter öffnet sie.
pipeline-every-status = Alle, auch beendete Registrierungen
pipeline-mine = Meine Deals
pipeline-chip-search = „{ $text }“
pipeline-column-empty = Keine Deals hier
pipeline-empty = Kein Deal passt
pipeline-empty-text = Nehmen Sie einen Filter weg oder suchen Sie etwas anderes.
pipeline-none = Noch keine Deals
pipeline-none-text = Die erste Registrierung erscheint hier, sobald sie gesendet ist.
pipeline-move = { $name } in eine andere Phase verschieben
pipeline-move-title = In Phase verschieben
pipeline-move-from = jetzt in { $stage }
pipeline-col-deal = Deal
pipeline-col-clock = Frist
pipeline-col-changed = Geändert
pipeline-changed-live = { $name }: { $what }. Phase { $stage }.

queue-lead = Was auf Ihre Entscheidung wartet, die nächste Frist zuerst.
queue-desk = Wessen Tisch
queue-desk-mine = Mein Tisch
queue-desk-everyone = Alle
queue-overdue = Überfällig
queue-today = Heute fällig
queue-later = Später
queue-answered = Beantwortet
queue-open = Deal öffnen
queue-empty = Alles entschieden
queue-empty-text = Jede Registrierung hat ihre Antwort. Neue erscheinen hier, sobald ein Partner sie sendet.
queue-see-everyone = Alle ansehen
queue-to-pipeline = Zur Pipeline
queue-changed-live = { $name }: { $what }
queue-keys = Tasten der Freigaben
queue-key-next = Nächste Registrierung
queue-key-previous = Vorherige Registrierung
queue-key-open = Deal öffnen
queue-key-approve = Freigeben
queue-key-reject = Ablehnen
queue-key-ask = Beim Partner nachfragen
queue-key-send = Im Dialog Getipptes senden
