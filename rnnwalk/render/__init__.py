"""Renderers: each reads pages or the record and only writes; none reads another."""
