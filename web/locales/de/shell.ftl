# Der Rahmen um jede Seite, die Anmeldung, was an die Stelle einer Seite tritt.
shell-skip = Zum Inhalt springen
shell-navigation = Hauptnavigation
shell-menu-open = Menü öffnen
shell-menu-close = Menü schließen
shell-settings = Sprache und Darstellung

nav-home = Start
nav-queue = Freigaben
nav-queue-waiting = warten
nav-pipeline = Pipeline
nav-register = Deal registrieren
nav-partners = Partner
nav-kits = Kampagnen-Kits
nav-rules = Regeln
nav-rules-admin = Regeln bearbeiten
nav-settings = Verwaltung
nav-import = Import
nav-users = Personen
nav-api-keys = API-Schlüssel
nav-profile = Profil
nav-sign-in = Anmelden
nav-sign-out = Abmelden

theme-system = Wie das System
theme-light = Hell
theme-dark = Dunkel

live-on = Live
live-waiting = Verbinde
live-off = Offline
live-offline = Sie sind offline. Was Sie sehen, kann veraltet sein.
live-reconnecting = Die Live-Verbindung ist unterbrochen. Sie wird wiederhergestellt …
live-back = Die Live-Verbindung steht wieder. Was Sie sehen, ist auf dem neuesten Stand.

sign-in-title = Anmelden
sign-in-lead = Mit dem Konto Ihres Partnerprogramms.
sign-in-email = E-Mail
sign-in-password = Passwort
sign-in-submit = Anmelden
sign-in-directory = Zum Partnerverzeichnis
sign-in-incomplete = Geben Sie E-Mail und Passwort ein.
sign-in-wrong = E-Mail und Passwort gehören zu keinem aktiven Konto.
sign-in-too-many = Zu viele Versuche. Warten Sie einige Minuten und versuchen Sie es dann erneut.
sign-in-claim = Alle sehen denselben Deal, in dem Moment, in dem er sich ändert.
sign-in-claim-text = Deal registrieren, sofort sehen, ob er frei ist, und die Frist im Blick behalten. Kein schwarzes Loch, kein Neuladen.

not-found-title = Nicht gefunden
not-found-heading = Unter dieser Adresse gibt es nichts
not-found-text = Vielleicht ist es umgezogen, oder es ist nicht für Sie bestimmt.
forbidden-title = Kein Zugriff
forbidden-heading = Diese Seite gehört nicht zu Ihrer Rolle
forbidden-text = Sie sind angemeldet als { $roles }. Ein Administrator Ihrer Seite kann das ändern.

error-title = Das wurde nicht geladen
error-offline = Der Server ist nicht erreichbar. Prüfen Sie Ihre Verbindung und versuchen Sie es erneut.
error-unauthenticated = Ihre Sitzung ist beendet. Melden Sie sich erneut an.
error-forbidden = Ihre Rolle erlaubt das nicht. Ein Administrator Ihrer Seite kann das ändern.
error-key-reused = Dieses Formular wurde schon mit anderem Inhalt gesendet. Sehen Sie nach, ob das erledigt ist, bevor Sie es noch einmal senden.
error-rate-limited = Zu viele Anfragen auf einmal. Warten Sie einen Moment und versuchen Sie es erneut.
error-server = Der Server konnte nicht antworten. Versuchen Sie es erneut; bleibt es dabei, sagen Sie es Ihrem Administrator.
error-server-with-id = Der Server konnte nicht antworten. Bleibt es dabei, nennen Sie Ihrem Administrator diese Nummer: { $id }
error-crash = Entente funktioniert auf dieser Seite nicht mehr. Was gespeichert war, ist sicher; laden Sie neu, um weiterzumachen.
error-crash-reload = Neu laden
