# Startseite.
home-morning = Guten Morgen, { $name }
home-day = Guten Tag, { $name }
home-evening = Guten Abend, { $name }
home-lead-vendor = Was auf Sie wartet, was sich geändert hat und wo die Pipeline steht.
home-lead-partner = { $partner }: was auf Sie wartet, was sich geändert hat und wo Ihre Deals stehen.
home-lead-partner-tier = { $partner }, { $tier }-Partner: was auf Sie wartet, was sich geändert hat und wo Ihre Deals stehen.

home-lead-tier = { $partner }, { $tier }-Partner

home-work = Das wartet auf Sie
home-work-empty = Nichts wartet auf Sie
home-work-empty-text = Entscheidungen, offene Fragen und ablaufende Fristen erscheinen hier, sobald sie Sie betreffen.
home-work-all = Alle { $n } anzeigen
home-no-customer = Ohne Kunde
home-changes = Was sich geändert hat
home-changes-empty = Noch keine Änderungen
home-by-stage = Pipeline nach Phase

home-tile-attention = Zu erledigen
home-tile-overdue = { $n ->
    [0] nichts überfällig
    [one] { $n } überfällig
   *[other] { $n } überfällig
  }
home-tile-open = Offene Pipeline
home-tile-deals = { $n ->
    [one] { $n } Deal
   *[other] { $n } Deals
  }
home-tile-expected = Erwartet
home-tile-expected-note = nach Chance je Phase
home-tile-won = Gewonnen

home-next = Ihre nächsten Schritte
home-next-register = Sehen Sie sofort, ob der Kunde frei ist.
home-next-kits = Kampagnen mit Ihrem Logo und Ihrem Kontakt.
home-next-page = Ihre Partnerseite
home-next-page-text = Was Kunden im Verzeichnis über Sie lesen.
home-next-partners = Finden Sie einen Partner, der Sie ergänzt.
