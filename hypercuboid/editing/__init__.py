"""What editors need: colours of the text, and answers of the language server (`hypercuboid lsp`) to what they ask."""
