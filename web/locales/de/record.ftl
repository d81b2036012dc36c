# Die eigene Bilanz des Herstellers und seine Uhr an einem Deal.
record-title = Wie schnell wir entscheiden
record-lead = Unsere eigene Bilanz der letzten { $n } Tage. Stunden sind Geschäftsstunden; die Zeit, in der Sie uns eine Antwort schuldeten, zählt nicht.
record-median = Entscheidung im Median
record-hours = { $n } Std.
record-percent = { $n } %
record-of = { $part } von { $whole }
record-of-decisions = { $n ->
    [one] { $n } Entscheidung
   *[other] { $n } Entscheidungen
}
record-within = Innerhalb der Frist
record-breaches = Versäumte Fristen
record-reasoned = Ablehnungen mit Begründung
record-reasons = Genannte Gründe
record-quarters = Nach Quartal
record-quarter = Quartal
record-decided = Entschieden
record-reason-taken = Eine andere Registrierung oder ein eigener Verkauf steht im Weg
record-reason-evidence = Nachweise fehlen
record-reason-rule = Eine Regel des Programms ist nicht erfüllt
record-reason-customer = Der Kunde passt nicht
record-reason-incomplete = Etwas ist falsch oder fehlt
record-reason-other = Ein anderer Grund
record-reason-kind = Art des Grundes
record-reason-kind-hint = Zählt in unserer Bilanz, die Partner sehen.
record-reason-none = Keine Art
record-clock = Unsere Uhr
record-clock-on-time = In der Zeit
record-clock-at-risk = Gefährdet
record-clock-breached = Frist versäumt
record-clock-escalated = Eskaliert
record-clock-paused = steht, noch { $n } Geschäftsstunden
record-clock-risk-at = Gefährdet ab
record-clock-escalates-at = Geht an die nächste Person
record-clock-warned = Wurde gefährdet
record-clock-missed = Frist versäumt
record-clock-handed = Ging an die nächste Person
record-due-seen = fällig { $due }, gesehen { $seen }
record-event-at-risk = Die Frist läuft bald ab
record-event-missed = Die Frist wurde versäumt
record-event-escalated = Verspätet, es geht an die nächste Person
record-field-warn = Gefährdet nach, in Prozent der Zeit
record-field-escalate = Geschäftsstunden nach der Frist, bis es an die nächste Person geht
record-field-escalate-hint = Leer bleibt es bei der Person, die es hat.
record-say-warn = Sind { $percent } % dieser Zeit verbraucht, gilt die Entscheidung als gefährdet; der Partner sieht es.
record-say-escalate = Eine Entscheidung, die { $hours } Geschäftsstunden nach ihrer Frist noch aussteht, geht an die nächste Person.
record-due = fällig { $due }
