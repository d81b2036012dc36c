# Die Regeln des Programms: die Seite für alle und die der Administration.
rules-title = Regeln des Programms
rules-lead = Was eine Registrierung gültig macht, bis wann der Hersteller entscheidet und wie lange eine Genehmigung schützt. Dieselben Angaben entscheiden über jede Registrierung.
rules-none = Es gibt noch keine Regeln
rules-none-text = Sie erscheinen hier, sobald das Programm welche hat.
rules-in-force = In Kraft
rules-since = Fassung { $number }, seit { $day }
rules-announced = Ab { $day }
rules-version = Fassung { $number }
rules-changed = neu
rules-engagement = Regeln der Zusammenarbeit

rules-part-valid = Was eine Registrierung erfüllen muss
rules-part-decision = Bis wann der Hersteller entscheidet
rules-part-protection = Wie lange eine Genehmigung schützt
rules-part-change = Wie sich diese Regeln ändern

rules-say-minimum = Der Deal ist mindestens { $minimum } wert.
rules-say-close-ahead = Das erwartete Abschlussdatum ist heute oder später.
rules-say-close-near = Der Abschluss wird innerhalb von { $days } Tagen erwartet.
rules-say-products = Nur diese Produkte können registriert werden: { $names }.
rules-say-products-all = Jedes Produkt des Programms kann registriert werden.
rules-say-territories = Nur Partner dieser Gebiete registrieren: { $names }.
rules-say-territories-all = Partner aller Gebiete registrieren.
rules-say-contact = Ein Ansprechpartner beim Kunden ist genannt.
rules-say-description = Die Beschreibung hat mindestens { $n } Zeichen.
rules-say-engagement = Ein Administrator des Partners hat die Regeln der Zusammenarbeit angenommen.
rules-say-decision = Der Hersteller entscheidet innerhalb von { $hours } Geschäftsstunden.
rules-say-decision-from = { $name }: ab { $from } entscheidet der Hersteller innerhalb von { $hours } Geschäftsstunden.
rules-say-decision-else = In allen anderen Fällen entscheidet der Hersteller innerhalb von { $hours } Geschäftsstunden.
rules-say-hours = Geschäftszeit ist { $opens } bis { $closes } Uhr am { $days } ({ $zone }).
rules-say-holidays = Nicht gearbeitet wird am { $days }.
rules-say-holds = Immer nur eine genehmigte Registrierung hält einen Kunden und ein Produkt; solange sie geschützt ist, kann niemand sonst sie registrieren.
rules-say-protection = Eine Genehmigung schützt den Deal { $days } Tage lang.
rules-say-protection-tier = Eine Genehmigung schützt den Deal eines Partners der Stufe { $tier } { $days } Tage lang.
rules-say-protection-line = Eine Genehmigung schützt einen Deal mit { $line } { $days } Tage lang.
rules-say-protection-both = Eine Genehmigung schützt den Deal eines Partners der Stufe { $tier } mit { $line } { $days } Tage lang.
rules-say-protection-else = In allen anderen Fällen schützt eine Genehmigung { $days } Tage lang.
rules-say-notice = { $days ->
    [one] Änderungen werden mindestens einen Tag vorher angekündigt und ändern nie, was schon entschieden ist.
   *[other] Änderungen werden mindestens { $days } Tage vorher angekündigt und ändern nie, was schon entschieden ist.
}

rules-accept-title = Ihre Firma hat die Regeln der Zusammenarbeit noch nicht angenommen
rules-accept-text = Lesen Sie sie unten. Bis sie angenommen sind, kann Ihre Firma keine Deals registrieren.
rules-accept-ask = Bis ein Administrator Ihrer Firma sie annimmt, kann sie keine Deals registrieren.
rules-accept = Für meine Firma annehmen
rules-accept-done = Angenommen. Ihre Firma kann Deals registrieren.
rules-accept-stale = Die Regeln haben sich inzwischen geändert. Laden Sie neu und lesen Sie sie noch einmal.
rules-accepted = { $name } hat die Regeln der Zusammenarbeit am { $day } für Ihre Firma angenommen.

rules-day-mon = Montag
rules-day-tue = Dienstag
rules-day-wed = Mittwoch
rules-day-thu = Donnerstag
rules-day-fri = Freitag
rules-day-sat = Samstag
rules-day-sun = Sonntag

rules-admin-lead = Jede Änderung ist eine neue Fassung mit einem Tag, an dem sie beginnt. Deals behalten die Fassung, nach der sie beurteilt wurden.
rules-versions = Fassungen
rules-version-column = Fassung
rules-state = Stand
rules-state-in-force = In Kraft
rules-state-announced = Angekündigt
rules-state-superseded = Abgelöst
rules-state-withdrawn = Zurückgezogen
rules-effective = Beginnt am
rules-effective-required = Sagen Sie, an welchem Tag sie beginnt.
rules-proposed = Vorgeschlagen
rules-note = Warum
rules-note-hint = Alle lesen es neben den Regeln.
rules-reason = Grund
rules-withdraw = Zurückziehen
rules-withdraw-named = Fassung { $number } zurückziehen
rules-withdraw-text = Die Regeln davor bleiben in Kraft. Ihre Nummer wird nicht wieder vergeben.
rules-withdrawn = Fassung { $number } ist zurückgezogen.

rules-draft = Entwurf der nächsten Fassung
rules-draft-lead = Er geht von Fassung { $number } aus. Bis Sie ihn vorschlagen, geschieht nichts.
rules-refused = Das kann noch nicht vorgeschlagen werden
rules-try = An den Registrierungen des letzten Jahres erproben
rules-propose = Vorschlagen …
rules-reset = Alle Änderungen verwerfen
rules-propose-title = Diese Fassung vorschlagen
rules-propose-text = Sie wird sofort allen angekündigt und beurteilt von ihrem Tag an jede Registrierung.
rules-propose-confirm = Vorschlagen und ankündigen
rules-propose-done = Fassung { $number } ist für den { $day } angekündigt.
rules-earliest = Frühestens am { $day }, nach der Frist der geltenden Regeln.
rules-refused-past = Der Tag muss in der Zukunft liegen: Regeln ändern sich nie rückwirkend.
rules-refused-notice = Der Tag liegt innerhalb der Ankündigungsfrist der geltenden Regeln.
rules-refused-taken = An diesem Tag beginnt eine andere Fassung; ziehen Sie sie zuerst zurück.
rules-refused-before = Eine spätere Fassung ist angekündigt; ziehen Sie sie zuerst zurück.
rules-refused-calendar = Es braucht einen Arbeitstag, und jeder Tag muss nach seinem Beginn enden.
rules-refused-zone = Diese Zeitzone gibt es nicht; schreiben Sie sie wie Europe/Berlin.
rules-refused-unreachable = Eine Ausnahme kann nie gelten, weil eine frühere auf alles passt, worauf sie passt.
rules-refused-begun = Nur eine Fassung, die noch nicht begonnen hat, kann zurückgezogen werden.
rules-wrong-number = Geben Sie eine ganze Zahl ein.
rules-wrong-holiday = „{ $line }“ beginnt nicht mit einem Datum wie 2026-12-25.

rules-field-minimum = Mindestwert in { $currency }
rules-field-close = Abschluss innerhalb von Tagen
rules-field-description = Beschreibung, Zeichen
rules-field-contact = Ein Ansprechpartner beim Kunden muss genannt sein
rules-field-optional = Leer: keine Grenze.
rules-field-zero = 0: nicht verlangt.
rules-field-products = Produkte, die registriert werden können
rules-field-territories = Gebiete, deren Partner registrieren
rules-field-all = Keines gewählt: alle.
rules-field-only = Nur die gewählten.
rules-field-engagement-hint = Ein Administrator des Partners muss diesen Text annehmen, bevor der Partner registriert. Leer: nichts anzunehmen.
rules-field-protection = Tage Schutz
rules-field-decision = Geschäftsstunden bis zur Entscheidung
rules-field-tier = Stufe
rules-field-line = Produktlinie
rules-field-any = Alle
rules-field-days = Tage
rules-field-name = Priorität
rules-field-from = Ab Wert in { $currency }
rules-field-hours = Geschäftsstunden
rules-field-notice = Tage Ankündigungsfrist
rules-field-notice-hint = Für die Fassung nach dieser.
rules-field-calendar = Kalender
rules-field-zone = Zeitzone
rules-field-zone-hint = Wie Europe/Berlin.
rules-field-opens = { $day }, Beginn
rules-field-closes = { $day }, Ende
rules-field-holidays = Feiertage
rules-field-holidays-hint = Einer je Zeile: 2026-12-25 Weihnachten
rules-override = Ausnahme { $n }
rules-remove = Ausnahme { $n } entfernen
rules-add-protection = Ausnahme nach Stufe oder Linie
rules-add-decision = Priorität nach Wert

rules-trial = Was er geändert hätte
rules-tried = Von { $judged } Registrierungen der letzten 365 Tage wären { $refused } abgewiesen worden, und { $terms } hätten eine andere Frist oder einen anderen Schutz gehabt.
rules-tried-approved = { $n ->
    [one] Eine der abgewiesenen ist heute genehmigt.
   *[other] { $n } der abgewiesenen sind heute genehmigt.
}
rules-tried-capped = Es waren mehr; erprobt wurden nur die ersten { $n }.
rules-trial-rows = Registrierungen, die anders entschieden worden wären
rules-trial-deal = Registrierung
rules-trial-partner = Partner
rules-trial-today = Heute
rules-trial-draft = Nach dem Entwurf
rules-trial-more = Gezeigt werden die ersten { $n }.
rules-trial-refused = Abgewiesen: { $rules }
rules-trial-hours = Entscheidung in { $after } statt { $before } Geschäftsstunden.
rules-trial-days = Schutz für { $after } statt { $before } Tage.
rules-rule-minimum = Mindestwert
rules-rule-products = Produkte
rules-rule-territory = Gebiet
rules-rule-contact = Ansprechpartner
rules-rule-description = Beschreibung
rules-rule-close = Abschlussdatum
