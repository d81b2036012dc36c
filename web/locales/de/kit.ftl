# Kampagnen-Kits.
kit-lead = Fertige Kampagnen mit Ihrem eigenen Namen, Logo und Kontakt.
kit-total = { $n ->
    [one] { $n } Kit
   *[other] { $n } Kits
  }
kit-search = Kits suchen
kit-language = Sprache
kit-any-language = Jede Sprache
kit-vertical = Branche
kit-any-vertical = Jede Branche
kit-kind = Enthält
kit-any-kind = Jede Art
kit-none = Noch keine Kits
kit-none-text = Kampagnen erscheinen hier, sobald sie veröffentlicht sind.
kit-empty = Kein Kit passt
kit-empty-text = Versuchen Sie es mit weniger Filtern oder anderen Worten.
kit-clear = Filter aufheben
kit-draft = Entwurf
kit-assets = { $n ->
    [one] { $n } Bestandteil
   *[other] { $n } Bestandteile
  }
kit-no-end = Ohne Enddatum
kit-ends = Bis { $day }
kit-ended = Beendet am { $day }

kit-back = Alle Kits
kit-download-all = Alles herunterladen (ZIP)
kit-assets-title = Inhalt des Kits
kit-no-assets = Dieses Kit ist noch leer
kit-for = Gestaltet für
kit-for-hint = Name, Logo und Kontakt dieses Partners werden eingesetzt. Ohne Partner sehen Sie eine neutrale Fassung.
kit-for-nobody = Neutrale Fassung zeigen
kit-width = Breite der Vorschau
kit-wide = Desktop
kit-phone = Telefon
kit-open = In einem Tab öffnen
kit-preview-of = Vorschau: { $title }
kit-download = Herunterladen
kit-download-as = { $title } als { $format } herunterladen
kit-no-downloads = Es gibt keine Datei zum Herunterladen.
