# Das Verzeichnis und die Seite eines Partners.
directory-title = Partner
directory-lead = Finden Sie den Partner, der passt: nach Können, Ort, Branche oder Name.
directory-search = Partner, Kompetenzen, Orte suchen
directory-is-partner = Partner
directory-is-search = Suche
directory-filters = Filter
directory-filters-n = Filter ({ $n })
directory-clear = Filter aufheben
directory-show = { $n ->
    [one] { $n } Partner zeigen
   *[other] { $n } Partner zeigen
  }
directory-order = Reihenfolge
directory-by-relevance = Nach Relevanz
directory-by-name = Nach Name
directory-by-tier = Nach Stufe
directory-total = { $n ->
    [0] Kein Partner
    [one] { $n } Partner
   *[other] { $n } Partner
  }
directory-empty = Kein Partner passt
directory-empty-text = Versuchen Sie es mit weniger Filtern oder anderen Worten. Tippfehler werden verziehen.
directory-all = Alle { $n } zeigen
directory-fewer = Weniger zeigen
directory-more = +{ $n } weitere
directory-unpublished = Nicht veröffentlicht

directory-tier = Stufe
directory-type = Art
directory-country = Land
directory-territory = Gebiet
directory-vertical = Branche
directory-competency = Kompetenzen
directory-language = Sprachen

directory-back = Alle Partner
directory-about = Über das Unternehmen
directory-facts = Eckdaten
directory-contact = Kontakt
directory-since = Partner seit
directory-manager = Channel-Manager
directory-deals = Letzte Deals
directory-deals-table = Zuletzt geänderte Deals
directory-deals-empty = Noch keine Deals
directory-deal = Deal
directory-deal-status = Status
directory-deal-stage = Phase
directory-deal-value = Wert
directory-deal-updated = Geändert
directory-visibility = Sichtbarkeit
directory-published = Im Verzeichnis veröffentlicht
directory-published-hint = Einen veröffentlichten Partner findet jeder, auch ohne Konto.
directory-now-published = Der Partner steht jetzt im öffentlichen Verzeichnis.
directory-now-hidden = Der Partner steht nicht mehr im öffentlichen Verzeichnis.

directory-edit = Profil bearbeiten
directory-stale = Jemand anderes hat dieses Profil inzwischen geändert. Ihre Eingaben sind noch da; drücken Sie noch einmal auf Speichern, um sie auf den neueren Stand anzuwenden.
directory-logo = Logo wählen
directory-logo-hint = SVG oder PNG, höchstens 128 KiB
directory-logo-undo = Logo lassen, wie es war
directory-logo-remove = Logo entfernen
directory-logo-removed = Das Logo wird entfernt; ein erzeugtes tritt an seine Stelle.
directory-logo-type = Wählen Sie ein SVG- oder PNG-Bild.
directory-logo-size = Das Bild ist größer als 128 KiB. Wählen Sie ein kleineres.
directory-logo-unreadable = Die Datei ließ sich nicht lesen.
directory-logo-unsafe = Das Bild kann kein Logo sein: { $detail }. Speichern Sie es neu, ohne aktive oder verlinkte Inhalte.
directory-too-long = Dieser Text ist zu lang. Kürzen Sie ihn.
directory-summary = Kurzbeschreibung
directory-summary-hint = Ein Satz, der im Verzeichnis steht.
directory-summary-required = Sagen Sie in einem Satz, was das Unternehmen tut.
directory-description = Beschreibung
directory-website = Website
directory-website-shape = Geben Sie eine ganze Adresse ein, die mit https:// oder http:// beginnt.
directory-city = Ort
directory-contact-name = Ansprechperson
directory-contact-email = E-Mail der Ansprechperson
directory-contact-phone = Telefon
directory-email-shape = Geben Sie eine E-Mail-Adresse ein.
directory-color = Markenfarbe
directory-color-hint = Kampagnen mit Ihren Inhalten nehmen sie auf.
directory-color-shape = Geben Sie eine Farbe wie #1f4e9c ein.
directory-choice-empty = Kein Partner passt
directory-changed-live = { $name } wurde gerade geändert.
