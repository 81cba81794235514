"""What to show: pages made from the record. No colours, no widths, no files: renderers draw them."""
