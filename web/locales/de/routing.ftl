# Zuständigkeit: Tabelle, Abwesenheiten, Wege von Deals, und die Arbeit in der Warteschlange.
nav-routing = Zuständigkeit

routing-event-step-approved = Hat einen Schritt freigegeben
routing-event-rerouted = Hat die Registrierung weitergegeben

routing-route = Weg der Freigabe
routing-by-rule = Zugeteilt nach der Regel „{ $name }“
routing-covered = { $name } entscheidet in Vertretung.
routing-step-approved = Freigegeben
routing-step-declined = Abgelehnt
routing-step-current = Entscheidet jetzt
routing-step-waiting = Wartet
routing-step-skipped = Nicht nötig
routing-step-of = Schritt { $n } von { $of }
routing-hand = Weitergeben
routing-hand-title = Registrierung weitergeben
routing-hand-to = Neue Zuständigkeit
routing-hand-reason = Grund
routing-hand-hint = Das liest nur der Hersteller. Der Partner sieht, wer jetzt entscheidet.
routing-handed = { $name } entscheidet jetzt.
routing-choose = Person wählen
routing-refused-step = Diesen Schritt entscheidet jemand anderes. Er wartet auf diese Person oder ihre Vertretung.
routing-refused-owner = Wer übernimmt, muss aktiv sein und Registrierungen entscheiden dürfen.
routing-refused-circular = Diese Person hat die Registrierung schon oder gibt einen anderen Schritt davon frei.

routing-lead-admin = Wer welche Registrierung entscheidet: Regeln der Reihe nach, die erste passende gilt.
routing-lead-reader = Wer welche Registrierung entscheidet und wer wen vertritt.
routing-none = Noch keine Tabelle
routing-none-text = Jede Registrierung geht an den Channel-Manager ihres Partners. Die erste Tabelle ändert das.
routing-version = Version { $version }, geschrieben von { $name } am { $date }
routing-table = Tabelle
routing-when = Wann
routing-rules = Regeln
routing-rules-lead = Von oben nach unten; die erste passende Regel gilt. Was leer bleibt, verlangt nichts.
routing-rule-n = Regel { $n }
routing-rule-name = Name der Regel
routing-partner-territories = Partner in
routing-customer-territories = Kunde in
routing-products = Produkte
routing-lines = Produktlinien
routing-tiers = Stufe
routing-from = Ab Wert in { $currency }
routing-below = Unter Wert in { $currency }
routing-any = Beliebig
routing-steps = Wer freigibt
routing-step-n = Schritt { $n }
routing-step-name = Name des Schritts
routing-step-owner = Wer
routing-partner-manager = Channel-Manager des Partners
routing-add-step = Schritt hinzufügen
routing-remove-step = Schritt { $n } von { $name } entfernen
routing-shared = Der Partner sieht die Namen der Schritte und wie weit sie sind
routing-add-rule = Regel hinzufügen
routing-remove-rule = Regel { $name } entfernen
routing-up = { $name } nach oben
routing-down = { $name } nach unten
routing-fallback = Auffangzuständigkeit
routing-fallback-hint = Bekommt, was keine Regel trifft und was sonst niemand entscheiden kann.
routing-territories = Wo Kunden sind
routing-territories-lead = Länder jedes Gebiets als Kürzel mit Leerzeichen dazwischen; ein Land gehört zu einem Gebiet.
routing-save = Tabelle speichern
routing-saved = Version { $version } gilt für neue Registrierungen.
routing-reset = Von vorn beginnen
routing-refused = Diese Tabelle geht so nicht
routing-behind = Jemand anderes hat inzwischen Version { $version } gespeichert
routing-behind-text = Ihre Änderungen sind noch da, können aber nicht über die andere Fassung gespeichert werden. Beginnen Sie von vorn, um sie zu sehen.
routing-refused-stale = Jemand anderes hat die Tabelle inzwischen geändert. Beginnen Sie mit dieser von vorn.
routing-warning = Einige Regeln können nie gelten
routing-warning-row = „{ $rule }“ kann nie gelten: „{ $behind }“ steht davor und trifft alles, was sie trifft.
routing-wrong-circular = Dieselbe Person gibt in einer Regel zweimal frei.
routing-wrong-unable = Diese Person darf Registrierungen nicht entscheiden.
routing-wrong-unknown = Wählen Sie eine Person.
routing-wrong-territory = Keines der Gebiete des Programms.
routing-wrong-country = Kein solches Land, oder es steht in zwei Gebieten.
routing-wrong-name = Eine andere Regel heißt so.
routing-wrong-value = Schreiben Sie einen Betrag; „unter“ muss über „ab“ liegen.

routing-absences = Wer abwesend ist
routing-absences-lead = Während jemand abwesend ist, entscheidet die Vertretung. Auch die Vertretung der Vertretung zählt.
routing-absences-none = Niemand ist abwesend
routing-absences-none-text = Tragen Sie ein, wann Sie abwesend sind und wer so lange entscheidet.
routing-absence-add = Abwesenheit eintragen
routing-absence-edit = Abwesenheit von { $name } ändern
routing-absence-remove = Abwesenheit von { $name } entfernen
routing-absence-who = Wer
routing-absence-from = Erster Tag
routing-absence-until = Letzter Tag
routing-absence-cover = Vertretung
routing-absence-save = Speichern
routing-absence-saved = { $cover } entscheidet für { $name } vom { $from } bis { $until }.
routing-absence-removed = { $name } ist wieder da.
routing-absence-circle = Die Vertretungen führen zu jemandem zurück, der abwesend ist; wählen Sie eine andere Person.
routing-absence-overlaps = Die Person ist dann schon abwesend.
routing-absence-past = Der letzte Tag ist vorbei.
routing-absence-order = Der letzte Tag liegt vor dem ersten, oder die Abwesenheit ist zu lang.
routing-absence-now = Jetzt abwesend

queue-covering = Auch auf Ihrem Tisch, weil sie abwesend sind: { $names }
queue-search = Titel, Nummer oder Kunde suchen
queue-sort = Reihenfolge
queue-sort-deadline = Nächste Frist
queue-sort-value = Größter Wert
queue-sort-new = Neueste
queue-lead-answers = Was Partner zu freigegebenen Deals gefragt haben. Der Schutz steht still, bis Sie antworten.
queue-work = Was aufgelistet wird
queue-work-decisions = Entscheidungen
queue-work-answers = Offene Antworten
queue-sort-longest = Wartet am längsten
queue-answers-extension = { $who } hat am { $when } um eine Verlängerung gebeten
queue-answers-left = Steht still, Tage übrig: { $days }
queue-answers-empty = Kein Partner wartet auf Antwort
queue-answers-empty-text = Was Partner zu freigegebenen Deals fragen und welche Verlängerungen sie erbitten, erscheint hier sofort.
queue-answers-not-found = Kein Deal mit offener Antwort passt zu Suche und Filtern.
queue-views = Ansichten
queue-view-default = { $name } (Standard)
queue-view-save = Diese Ansicht speichern …
queue-view-manage = Ansichten pflegen …
queue-view-name = Name der Ansicht
queue-view-begin = Damit beginnen
queue-view-not-begin = Nicht damit beginnen
queue-view-keep = Ansicht speichern
queue-view-saved = Die Ansicht { $name } ist gespeichert.
queue-view-taken = Eine andere Ansicht heißt so.
queue-view-too-many = Sie haben 50 Ansichten; entfernen Sie erst eine.
queue-view-rename = Name der Ansicht { $name }
queue-view-take = Filter von jetzt übernehmen
queue-view-remove = Ansicht { $name } entfernen
queue-views-none = Keine Ansichten
queue-views-none-text = Filtern Sie die Warteschlange und speichern Sie, was Sie sehen, unter einem Namen.
queue-select = { $name } auswählen
queue-selected = { $n ->
    [0] Nichts ausgewählt
    [one] { $n } ausgewählt
   *[other] { $n } ausgewählt
  }
queue-selected-full = Höchstens { $n } werden auf einmal freigegeben.
queue-selected-label = Ausgewählte Registrierungen
queue-not-selectable = Diese Registrierung wartet auf jemand anderen.
queue-clear = Aufheben
queue-about-to = Wird gleich freigegeben
queue-approving = { $n ->
    [one] { $n } Registrierung wird freigegeben
   *[other] { $n } Registrierungen werden freigegeben
  }
queue-approving-said = { $n ->
    [one] { $n } Registrierung wird in { $seconds } Sekunden freigegeben; mit U rückgängig machen.
   *[other] { $n } Registrierungen werden in { $seconds } Sekunden freigegeben; mit U rückgängig machen.
  }
queue-seconds = in { $n } s
queue-undo = Rückgängig
queue-undo-label = Freigaben, die sich noch zurücknehmen lassen
queue-undone = Rückgängig gemacht; nichts wurde freigegeben.
queue-send-now = Jetzt senden
queue-approved-many = { $n ->
    [one] { $n } Registrierung freigegeben
   *[other] { $n } Registrierungen freigegeben
  }
queue-approved-steps = { $n ->
    [one] { $n } Schritt freigegeben; die Registrierung ist jetzt bei der nächsten Freigabe
   *[other] { $n } Schritte freigegeben; die Registrierungen sind jetzt bei der nächsten Freigabe
  }
queue-approved-mixed = Registrierungen freigegeben: { $n }, Schritte freigegeben: { $steps }
queue-approved-some = { $n } freigegeben, { $left } nicht: die Zeilen sagen, warum.
queue-gone = { $who }: { $what }
queue-nothing-found = Nichts passt
queue-nothing-found-text = Keine wartende Registrierung passt zu Suche und Filtern.
queue-clear-filters = Filter aufheben
queue-key-select = Auswählen oder nicht
queue-key-range = Einen Bereich auswählen
queue-key-approve-all = Ausgewählte freigeben, sonst diese
queue-key-undo = Wartende Freigaben zurücknehmen
queue-key-hand = An jemand anderen weitergeben
queue-key-search = Suchen
queue-key-clear = Auswahl aufheben, Suche verlassen
