"""Pages on a terminal: lines of coloured text. The only place that knows rich."""
