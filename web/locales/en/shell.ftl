# The frame around every screen, signing in, what stands in for a screen.
shell-skip = Skip to content
shell-navigation = Main navigation
shell-menu-open = Open the menu
shell-menu-close = Close the menu
shell-settings = Language and theme

nav-home = Home
nav-queue = Approval queue
nav-queue-waiting = waiting
nav-pipeline = Pipeline
nav-register = Register a deal
nav-partners = Partners
nav-kits = Campaign kits
nav-rules = Rules
nav-rules-admin = Edit the rules
nav-settings = Administration
nav-import = Import
nav-users = People
nav-api-keys = API keys
nav-profile = Profile
nav-sign-in = Sign in
nav-sign-out = Sign out

theme-system = As the system
theme-light = Light
theme-dark = Dark

live-on = Live
live-waiting = Connecting
live-off = Offline
live-offline = You are offline. What you see may be out of date.
live-reconnecting = The live connection was lost. Reconnecting …
live-back = The live connection is back. What you see is up to date.

sign-in-title = Sign in
sign-in-lead = With the account of your partner program.
sign-in-email = E-mail
sign-in-password = Password
sign-in-submit = Sign in
sign-in-directory = Browse the partner directory
sign-in-incomplete = Enter your e-mail and your password.
sign-in-wrong = E-mail and password do not match an active account.
sign-in-too-many = Too many attempts. Wait a few minutes, then try again.
sign-in-claim = Everyone sees the same deal, the moment it changes.
sign-in-claim-text = Register a deal, see at once whether it is clear, and watch its clock. No black hole, no refresh button.

not-found-title = Not found
not-found-heading = There is nothing at this address
not-found-text = It may have moved, or it is not yours to see.
forbidden-title = No access
forbidden-heading = This screen is not part of your role
forbidden-text = You are signed in as { $roles }. An administrator of your side can change that.

error-title = This did not load
error-offline = The server cannot be reached. Check your connection and try again.
error-unauthenticated = Your session has ended. Sign in again.
error-forbidden = Your role does not allow this. An administrator of your side can change that.
error-key-reused = This form was already sent, with other content. Look whether that was done before you send it again.
error-rate-limited = Too many requests at once. Wait a moment and try again.
error-server = The server could not answer. Try again; if it keeps happening, tell your administrator.
error-server-with-id = The server could not answer. If it keeps happening, give your administrator this number: { $id }
error-crash = Entente has stopped working on this page. What you had saved is safe; reload to go on.
error-crash-reload = Reload
