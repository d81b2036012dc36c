# Profil.
profile-lead = Wie Sie heißen und in welcher Sprache und Darstellung Sie Entente sehen.
profile-name-card = Ihr Name
profile-name = Name
profile-name-hint = Sichtbar für alle, die einen Deal mit Ihnen teilen.
profile-looks = Sprache und Darstellung
profile-language = Sprache
profile-language-hint = Zahlen und Daten richten sich danach.
profile-theme = Darstellung
profile-account = Konto
profile-title = Funktion
profile-partner = Partner
profile-roles = Rollen
