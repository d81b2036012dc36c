# Wörter, die viele Seiten gemeinsam haben.
common-loading = Wird geladen
common-close = Schließen
common-cancel = Abbrechen
common-save = Speichern
common-edit = Bearbeiten
common-back = Zurück
common-retry = Erneut versuchen
common-retry-in = Nächster Versuch in { $seconds ->
    [one] { $seconds } Sekunde
   *[other] { $seconds } Sekunden
  }
common-notifications = Benachrichtigungen
common-search-hint = Zum Suchen tippen
common-filters-active = Aktive Filter
common-remove-filter = Filter entfernen: { $name }
common-clear-filters = Alle entfernen
common-shown-of = { $shown } von { $total }
common-load-more = Mehr anzeigen
common-to-home = Zum Start
common-to-partners = Zum Verzeichnis
common-saved = Gespeichert
common-none = Keine
common-updated-live = { $name } wurde geändert

status-draft = Entwurf
status-submitted = Eingereicht
status-in-review = In Prüfung
status-info-requested = Rückfrage offen
status-approved = Freigegeben
status-rejected = Abgelehnt
status-withdrawn = Zurückgezogen
status-expired = Abgelaufen
status-released = Aufgehoben

role-admin = Administrator
role-channel-manager = Channel-Manager
role-marketing-manager = Marketing-Manager
role-sales = Vertrieb
role-finance = Finanzen
role-partner-admin = Partner-Administrator
role-partner-sales = Partner-Vertrieb
role-partner-technical = Partner-Technik
role-partner-marketing = Partner-Marketing
role-integration = Integration

attention-decision-due = Entscheidung fällig
attention-answer-owed = Antwort ausstehend
attention-protection-ending = Schutz läuft ab
attention-close-date-passed = Abschlussdatum verstrichen
attention-partner-waits = Der Partner wartet auf Antwort

asset-email = E-Mail
asset-landing-page = Landingpage
asset-social-post = Social-Media-Beitrag
asset-document = Dokument
asset-banner = Banner
asset-presentation = Präsentation
asset-file = Datei
