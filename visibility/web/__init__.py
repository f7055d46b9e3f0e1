"""All pages: views that read selectors, drawings that are pure geometry, templates that mirror this tree."""
