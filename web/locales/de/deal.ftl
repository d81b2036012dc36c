# Deals: ihre eigene Seite, Entscheidungen, Prüfergebnisse, Registrieren.
deal-standing-waiting-vendor = Wartet auf den Hersteller bis { $date }
deal-standing-waiting-vendor-open = Wartet auf den Hersteller
deal-standing-decision-due = Ihre Entscheidung ist fällig bis { $date }
deal-standing-decision-open = Wartet auf Ihre Entscheidung
deal-standing-needs-answer = Braucht Ihre Antwort
deal-standing-waiting-partner = Wartet auf die Antwort des Partners
deal-standing-registered-until = Registriert bis { $date }
deal-standing-unprotected = Registriert, ohne Schutz
deal-standing-still = Registriert; der Schutz steht still, noch { $days ->
    [one] { $days } Tag
   *[other] { $days } Tage
  }, wartet auf den Hersteller
deal-standing-still-vendor = Registriert; der Schutz steht still, noch { $days ->
    [one] { $days } Tag
   *[other] { $days } Tage
  }, wartet auf Ihre Antwort
deal-standing-won = Gewonnen am { $date }
deal-standing-lost = Verloren am { $date }
deal-standing-unavailable = Nicht verfügbar
deal-standing-withdrawn = Zurückgezogen
deal-standing-expired = Abgelaufen
deal-standing-released = Aufgehoben

deal-event-registered = Deal registriert
deal-event-imported = Deal importiert
deal-event-approved = Registrierung freigegeben
deal-event-rejected = Registrierung abgelehnt
deal-event-asked = Rückfrage gestellt
deal-event-answered = Rückfrage beantwortet
deal-event-withdrawn = Registrierung zurückgezogen
deal-event-moved = Phase geändert
deal-event-note = Notiz geschrieben
deal-event-updated = Deal geändert
deal-event-expired = Schutz abgelaufen

deal-field-status = Status
deal-field-stage = Phase
deal-field-title = Titel
deal-field-next-step = Nächster Schritt
deal-field-close = Abschlussdatum
deal-field-protected = Geschützt bis
deal-change-before = vorher:
deal-change-after = nachher:

deal-verdict-title = Prüfergebnis
deal-verdict-clear = Frei
deal-verdict-conflict = Möglicher Konflikt
deal-verdict-blocked = Gesperrt
deal-advice-clear = Einer Freigabe steht nichts im Weg.
deal-advice-conflict = Sehen Sie genau hin, bevor Sie entscheiden; fragen Sie den Partner, wenn etwas fehlt.
deal-advice-blocked = Eine andere freigegebene Registrierung hält diesen Kunden und dieses Produkt; eine Freigabe wird abgewiesen, bis deren Schutz endet.
deal-rule-passed = Erfüllt:
deal-rule-failed = Nicht erfüllt:
deal-rule-protected-ok = Der Kunde ist für diese Produkte frei.
deal-rule-protected-no = Dieser Kunde ist für mindestens eines dieser Produkte geschützt. Er kann wieder registriert werden, wenn der Schutz endet. Wenn Sie schon mit dem Kunden gearbeitet haben, bitten Sie Ihren Channel-Manager um Prüfung.
deal-rule-own-ok = Ihr Unternehmen hat dies noch nicht registriert.
deal-rule-own-no = Ihr Unternehmen hat für diesen Kunden und dieses Produkt schon eine offene Registrierung. Arbeiten Sie mit dieser weiter.
deal-rule-other-ok = Keine ähnliche Registrierung wartet.
deal-rule-other-no = Es gibt eine ähnliche Registrierung, deshalb sieht der Hersteller genau hin. Schreiben Sie in den nächsten Schritt, was Sie mit dem Kunden getan haben; das hilft bei der Entscheidung.
deal-rule-protected-no-vendor = Eine andere freigegebene Registrierung schützt diesen Kunden für mindestens eines dieser Produkte.
deal-rule-own-ok-vendor = Der Partner hat dies noch nicht registriert.
deal-rule-own-no-vendor = Der Partner hat für diesen Kunden und dieses Produkt schon eine offene Registrierung.
deal-rule-other-no-vendor = Die Registrierung eines anderen Partners für dasselbe wartet, oder ein Kunde gleichen Namens ist geschützt. Sehen Sie genau hin.
deal-rule-minimum-ok = Der Wert erreicht das Minimum.
deal-rule-close-ok = Das Abschlussdatum liegt in der Zukunft.
deal-rule-products-ok = Alle Produkte gehören zum Programm.

deal-refused-not-found = Diesen Deal gibt es nicht mehr, oder Sie dürfen ihn nicht sehen.
deal-refused-not-allowed = Ihre Rolle erlaubt das nicht. Fragen Sie einen Administrator Ihres Unternehmens.
deal-refused-stale = Der Deal hat sich geändert, während Sie ihn ansahen. Sie sehen jetzt den neuesten Stand; versuchen Sie es noch einmal.
deal-refused-status = Der Status des Deals erlaubt das nicht mehr.
deal-refused-claim = Eine andere freigegebene Registrierung hält diesen Kunden und dieses Produkt, bis deren Schutz endet.
deal-refused-stage = Der Deal kann nicht in diese Phase verschoben werden.
deal-refused-required = Bitte ausfüllen.
deal-refused-too-long = Das ist zu lang.
deal-refused-close-date = Das Abschlussdatum muss heute oder später sein.
deal-changed-meanwhile = Der Deal hat sich geändert, während dies offen war
deal-changed-meanwhile-text = So steht er jetzt: { $standing }. Was Sie getippt haben, ist noch da; senden Sie es erneut, wenn es noch gilt.
deal-changed-meanwhile-edit = Was Sie getippt haben, ist noch da. Gespeichert werden nur die Felder, die Sie geändert haben.
deal-changed-live = { $what } ({ $who })

deal-approve = Freigeben
deal-approve-title = Registrierung freigeben
deal-approve-lead = { $partner } darf { $customer } bearbeiten, und niemand sonst kann für diese Produkte eine Freigabe erhalten, solange der Schutz läuft.
deal-approve-note = Notiz an den Partner (freiwillig)
deal-approve-done = Freigegeben: { $name }
deal-approve-step-title = Diesen Schritt freigeben
deal-approve-step-lead = Geht weiter an { $next }. Die Registrierung ist mit dem letzten Schritt freigegeben und ab dann geschützt.
deal-approve-step-note = Notiz für die nächste Freigabe (intern)
deal-approve-step-done = Schritt freigegeben: { $name }
deal-reject = Ablehnen
deal-reject-title = Registrierung ablehnen
deal-reject-lead = Der Partner liest den Grund. Er sollte sagen, was den Unterschied gemacht hätte.
deal-reject-reason = Grund
deal-reject-hint = Nennen Sie keinen anderen Partner.
deal-reject-done = Abgelehnt: { $name }
deal-ask = Nachfragen
deal-ask-title = Um Auskunft bitten
deal-ask-lead = Ihre Frist steht still, bis { $partner } antwortet.
deal-ask-question = Frage
deal-ask-hint = Eine klare Frage wird schneller beantwortet als drei.
deal-ask-submit = Frage senden
deal-ask-done = Frage gesendet: { $name }
deal-answer = Antworten
deal-answer-now = Jetzt antworten
deal-answer-title = Frage beantworten
deal-answer-lead = Die Frist des Herstellers läuft weiter, sobald Sie antworten.
deal-answer-text = Antwort
deal-answer-submit = Antwort senden
deal-answer-done = Antwort gesendet: { $name }
deal-withdraw = Zurückziehen
deal-withdraw-title = Registrierung zurückziehen?
deal-withdraw-lead = Der Kunde wird sofort für andere frei. Sie können ihn wieder registrieren, wenn er dann noch frei ist.
deal-withdraw-reason = Grund (freiwillig)
deal-withdraw-done = Zurückgezogen: { $name }
deal-close-title = Nach { $stage } verschieben?
deal-close-lead = Das beendet den Verkauf und gibt den Schutz frei. Zurück geht es nicht.
deal-close-note = Notiz (freiwillig)
deal-close-submit = Nach { $stage } verschieben
deal-moved = { $name } ist jetzt in { $stage }
deal-moved-stale = { $name } wurde inzwischen von jemand anderem geändert. Sie sehen jetzt den neuesten Stand; verschieben Sie erneut, wenn Sie noch möchten.
deal-undo = Rückgängig
deal-edit = Bearbeiten
deal-edit-title = Deal bearbeiten
deal-more = Mehr
deal-move-to = Nach { $stage } verschieben
deal-stage-path = Phasen des Verkaufs
deal-question-for-you = Der Hersteller fragt
deal-question-open = Offene Frage an den Partner

deal-facts = Fakten
deal-fact-customer = Kunde
deal-fact-value = Wert
deal-fact-products = Produkte
deal-fact-partner = Partner
deal-fact-manager = Channel-Manager
deal-fact-registered-by = Registriert von
deal-fact-territory = Gebiet
deal-source-imported = Importiert
deal-fact-lead = Ursprung
deal-from-lead = Aus Lead { $number }
deal-fact-marketing = Herkunft im Marketing
deal-source-kit = Kit { $kit }
deal-clocks = Fristen
deal-clock-due = Entscheidung fällig
deal-clock-protected = Geschützt bis
deal-clock-still = Steht still, noch { $days ->
    [one] { $days } Tag
   *[other] { $days } Tage
  }
deal-clock-decided = Entschieden
deal-clock-created = Registriert
deal-clock-updated = Letzte Änderung
deal-clock-zone = Zeiten in Ihrer Zeitzone, { $zone }

deal-next-step-none = Noch kein nächster Schritt.
deal-next-step-edit = Nächsten Schritt bearbeiten
deal-timeline = Verlauf
deal-timeline-more = Frühere Einträge zeigen
deal-note-add = Notiz hinzufügen
deal-note-placeholder = Für beide Seiten sichtbar
deal-note-placeholder-internal = Nur für den Hersteller sichtbar
deal-note-visibility = Wer die Notiz sieht
deal-note-shared = Gemeinsam
deal-note-internal = Intern
deal-note-submit = Notiz speichern
deal-note-done = Notiz gespeichert

register-lead = Sehen Sie sofort, ob der Kunde frei ist, noch bevor etwas gesendet wird.
register-customer = Kunde
register-customer-name = Name des Unternehmens
register-domain = Website oder E-Mail-Domain
register-domain-hint = Sie sagt am sichersten, welchen Kunden Sie meinen.
register-country = Land
register-country-none = Land auswählen
register-deal = Deal
register-products = Produkte
register-title-hint = So, wie er in Ihrer eigenen Planung hieße.
register-currency = Währung
register-amount-read = Gelesen als { $amount }
register-list-price = Listenpreis der gewählten Produkte: { $amount }.
register-list-price-take = Als Wert übernehmen
register-next-step-hint = Was Sie mit dem Kunden getan haben und was als Nächstes kommt.
register-partner-hint = Diesem Partner gehört der Deal.
register-submit = Deal registrieren
register-discard = Entwurf verwerfen
register-discarded = Entwurf verworfen
register-restored = Diesen Entwurf haben Sie hier zurückgelassen. Er bleibt in diesem Browser, bis Sie ihn registrieren oder verwerfen.
register-done = Registriert als { $number }
register-blocked-said = Gesperrt. Nichts wurde registriert, Ihr Entwurf bleibt erhalten. Das Prüfergebnis sagt, was Sie tun können.
register-key-reused = Von diesem Formular wurde schon eine Registrierung mit anderem Inhalt gesendet. Sehen Sie in Ihre Pipeline, bevor Sie auch diese senden.
register-verdict-incomplete = Füllen Sie Kunde, Produkte, Titel, Wert und Abschlussdatum aus. Das Prüfergebnis erscheint hier, bevor Sie etwas senden.
register-verdict-said = Prüfergebnis: { $outcome }
register-advice-clear = Registrieren Sie jetzt: Die erste freigegebene Registrierung ist geschützt.
register-advice-conflict = Sie können ihn registrieren; der Hersteller sieht genau hin.
register-advice-blocked = Er kann jetzt nicht registriert werden. Ihr Entwurf bleibt erhalten.
register-rules = Was Sie erwartet
register-rule-answer = Der Hersteller antwortet innerhalb von { $hours ->
    [one] { $hours } Geschäftsstunde
   *[other] { $hours } Geschäftsstunden
  }.
register-rule-protection = Eine freigegebene Registrierung ist { $days ->
    [one] { $days } Tag
   *[other] { $days } Tage
  } geschützt.
register-rule-minimum = Registriert werden können Deals ab { $minimum }.
register-wrong-count = { $n ->
    [one] { $n } Feld braucht Ihre Aufmerksamkeit
   *[other] { $n } Felder brauchen Ihre Aufmerksamkeit
  }
register-wrong-title = Geben Sie dem Deal einen Titel.
register-wrong-customer = Nennen Sie den Kunden.
register-wrong-products = Wählen Sie mindestens ein Produkt.
register-wrong-products-many = Wählen Sie höchstens { $n } Produkte.
register-wrong-product = Dieses Produkt gehört nicht mehr zum Programm.
register-wrong-amount = Geben Sie den Wert des Deals ein.
register-wrong-amount-shape = Geben Sie einen Betrag ein, zum Beispiel 12500 oder 12500,50.
register-wrong-positive = Der Wert muss über null liegen.
register-wrong-precise = { $n ->
    [0] Diese Währung hat keine Nachkommastellen.
    [one] Diese Währung hat höchstens { $n } Nachkommastelle.
   *[other] Diese Währung hat höchstens { $n } Nachkommastellen.
  }
register-wrong-minimum = Der Wert muss mindestens { $minimum } entsprechen.
register-wrong-currency = Das Programm nimmt diese Währung nicht an.
register-wrong-close = Sagen Sie, wann Sie abschließen wollen.
register-wrong-close-past = Das Abschlussdatum muss heute oder später sein.
register-wrong-partner = Wählen Sie den Partner, dem der Deal gehört.
register-wrong-domain = Geben Sie eine Domain wie example.com ein, oder lassen Sie das Feld leer.
register-wrong-country = Wählen Sie ein Land aus der Liste.
register-wrong-shape = Das ist nicht lesbar.

register-contact = Ansprechpartner beim Kunden
register-contact-hint = Wer dort Sie und diesen Deal kennt.
register-description = Beschreibung
register-description-hint = Was Sie mit dem Kunden herausgefunden und vereinbart haben.
register-description-hint-min = Was Sie mit dem Kunden herausgefunden und vereinbart haben, in mindestens { $n } Zeichen.
register-wrong-product-rules = Eines dieser Produkte kann nach den geltenden Regeln nicht registriert werden.
register-wrong-contact = Nennen Sie einen Ansprechpartner beim Kunden.
register-wrong-description = Schreiben Sie mehr: mindestens { $n } Zeichen.
register-wrong-close-far = Der Abschluss muss innerhalb von { $days } Tagen erwartet werden.
register-wrong-territory = Partner dieses Gebiets dürfen nach den geltenden Regeln nicht registrieren.
register-wrong-engagement = Zuerst muss ein Administrator Ihrer Firma die Regeln der Zusammenarbeit annehmen.
register-rules-all = Alle Regeln in klaren Sätzen
deal-rule-products-allowed-ok = Jedes Produkt kann registriert werden.
deal-rule-territory-ok = Das Gebiet darf registrieren.
deal-rule-contact-ok = Ein Ansprechpartner beim Kunden ist genannt.
deal-rule-description-ok = Die Beschreibung sagt genug.
deal-rule-close-near-ok = Das Abschlussdatum liegt nah genug.
deal-rule-engagement-ok = Die Regeln der Zusammenarbeit sind angenommen.
