"""From recorded exchanges to verdicts. Pure: nothing is sent."""
