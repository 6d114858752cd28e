"""Charts of a report as frozen values: marks with classes that the page's styles colour, light, dark and in print."""
