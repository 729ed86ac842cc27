"""From verdicts to causes: what a person has to fix, each with all the verdicts that it explains.

A rule of a likely cause is a few lines over the recorded exchanges. What no rule explains is grouped by requirement and
kind of finding. Causes are data in `verdicts.json`; every report is generated from them.
"""
