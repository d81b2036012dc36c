# Profile.
profile-lead = How you are named, and in what language and colours you see Entente.
profile-name-card = Your name
profile-name = Name
profile-name-hint = Shown to everyone who shares a deal with you.
profile-looks = Language and theme
profile-language = Language
profile-language-hint = Numbers and dates follow it.
profile-theme = Theme
profile-account = Account
profile-title = Title
profile-partner = Partner
profile-roles = Roles
