"""The rules, one pure function each: a site, a span and the version in force; hits come out.

A function sees the hours since `span.since` less the look-back of its rule, and gives hits that
begin within the span. What it says about an hour depends on nothing before that look-back.
"""
