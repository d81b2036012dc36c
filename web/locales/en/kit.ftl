# Campaign kits.
kit-lead = Ready campaigns with your own name, logo and contact in them.
kit-total = { $n ->
    [one] { $n } kit
   *[other] { $n } kits
  }
kit-search = Search kits
kit-language = Language
kit-any-language = Every language
kit-vertical = Industry
kit-any-vertical = Every industry
kit-kind = Contains
kit-any-kind = Every kind
kit-none = No kits yet
kit-none-text = Campaigns appear here as soon as they are published.
kit-empty = No kit matches
kit-empty-text = Try fewer filters or other words.
kit-clear = Clear filters
kit-draft = Draft
kit-assets = { $n ->
    [one] { $n } asset
   *[other] { $n } assets
  }
kit-no-end = No end date
kit-ends = Until { $day }
kit-ended = Ended { $day }

kit-back = All kits
kit-download-all = Download all (ZIP)
kit-assets-title = Contents of the kit
kit-no-assets = This kit is still empty
kit-for = Made for
kit-for-hint = Name, logo and contact of this partner are merged in. Without one it shows a neutral version.
kit-for-nobody = Show the neutral version
kit-width = Width of the preview
kit-wide = Desktop
kit-phone = Phone
kit-open = Open in a tab
kit-preview-of = Preview: { $title }
kit-download = Download
kit-download-as = Download { $title } as { $format }
kit-no-downloads = There is no file to download.
